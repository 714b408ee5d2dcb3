package io.github.captchacallback.servlet;

final class Undertow23Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new UndertowContainer();
    }

    @Override
    String serverInfo() {
        return "Undertow - 2.3.";
    }

    @Override
    String servletVersion() {
        return "6.0";
    }
}
