package io.github.captchacallback.servlet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Says what the filter does in every servlet container, over real connections. A container's test extends it and has
 * nothing to say but how that container is started.
 */
abstract class CaptchaCallbackFilterContract
        implements AnswerTests,
                GenuineCallbackTests,
                MalformedCallbackTests,
                PathTests,
                DispatchTests,
                OutcomeTests,
                AsyncOutcomeTests,
                HandlerTests,
                InitParamTests,
                ConnectionTests,
                StoreTests {

    private Webapp webapp;

    abstract TestContainer container();

    @BeforeEach
    final void describeAWebapp() {
        webapp = new Webapp(container());
    }

    @AfterEach
    final void stopIt() {
        webapp.close();
    }

    @Override
    public final Webapp webapp() {
        return webapp;
    }
}
