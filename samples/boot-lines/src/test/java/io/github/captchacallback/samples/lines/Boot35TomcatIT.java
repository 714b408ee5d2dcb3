package io.github.captchacallback.samples.lines;

final class Boot35TomcatIT extends BootLineContract {

    Boot35TomcatIT() {
        super("3.5", "Tomcat");
    }
}
