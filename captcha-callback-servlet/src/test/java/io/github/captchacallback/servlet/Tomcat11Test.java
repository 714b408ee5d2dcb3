package io.github.captchacallback.servlet;

import org.junit.jupiter.api.Tag;

@Tag("servlet-6.1")
final class Tomcat11Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new TomcatContainer();
    }

    @Override
    String serverInfo() {
        return "Apache Tomcat/11.0.";
    }

    @Override
    String servletVersion() {
        return "6.1";
    }
}
