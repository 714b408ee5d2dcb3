package io.github.captchacallback.servlet;

final class Undertow23Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new UndertowContainer();
    }
}
