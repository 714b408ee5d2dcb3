package io.github.captchacallback.samples.lines;

final class Boot35JettyIT extends BootLineContract {

    Boot35JettyIT() {
        super("3.5", "Jetty");
    }
}
