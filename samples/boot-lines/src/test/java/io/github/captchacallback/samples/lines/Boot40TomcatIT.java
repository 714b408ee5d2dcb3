package io.github.captchacallback.samples.lines;

final class Boot40TomcatIT extends BootLineContract {

    Boot40TomcatIT() {
        super("4.0", "Tomcat");
    }
}
