package io.github.captchacallback.samples.lines;

final class Boot41JettyIT extends BootLineContract {

    Boot41JettyIT() {
        super("4.1", "Jetty");
    }
}
