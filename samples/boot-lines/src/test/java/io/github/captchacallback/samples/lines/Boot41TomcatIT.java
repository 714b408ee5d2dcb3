package io.github.captchacallback.samples.lines;

final class Boot41TomcatIT extends BootLineContract {

    Boot41TomcatIT() {
        super("4.1", "Tomcat");
    }
}
