package io.github.captchacallback.samples.lines;

final class Boot40JettyIT extends BootLineContract {

    Boot40JettyIT() {
        super("4.0", "Jetty");
    }
}
