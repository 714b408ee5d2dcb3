package io.github.captchacallback.servlet;

final class Jetty121Ee10Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new JettyContainer();
    }
}
