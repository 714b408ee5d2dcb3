package io.github.captchacallback.servlet;

/** Gives each part of {@link CaptchaCallbackFilterContract} the webapp under test. */
interface WebappTests {

    /** Returns the webapp of the running test, not started yet; it is stopped behind the test. */
    Webapp webapp();
}
