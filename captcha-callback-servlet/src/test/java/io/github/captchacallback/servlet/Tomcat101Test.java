package io.github.captchacallback.servlet;

final class Tomcat101Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new TomcatContainer();
    }

    @Override
    String serverInfo() {
        return "Apache Tomcat/10.1.";
    }

    @Override
    String servletVersion() {
        return "6.0";
    }
}
