package io.github.captchacallback.servlet;

final class Tomcat101Test extends CaptchaCallbackFilterContract {

    @Override
    TestContainer container() {
        return new TomcatContainer();
    }
}
