package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Says what the filter does in every servlet container, over real connections. A container's test extends it and has
 * nothing to say but how that container is started.
 */
abstract class CaptchaCallbackFilterContract
        implements HttpContract,
                AnswerTests,
                GenuineCallbackTests,
                MalformedCallbackTests,
                PathTests,
                DispatchTests,
                OutcomeTests,
                AsyncOutcomeTests,
                HandlerTests,
                InitParamTests,
                SettingPlaceTests,
                DeclaredHandlerTests,
                ListenerTests,
                ConnectionTests,
                StoreTests {

    private Webapp webapp;
    private @Nullable GuardedApplication application;

    abstract TestContainer container();

    /** Returns how the container introduces itself, up to the version that the test is named for. */
    abstract String serverInfo();

    /** Returns the version of the Servlet API that the container brings. */
    abstract String servletVersion();

    @BeforeEach
    final void describeAWebapp() {
        webapp = new Webapp(container());
    }

    /** One class path too many or too few, and five tests would be of four containers. */
    @Test
    final void containerWhenAskedThenItIsTheOneThatTheTestIsNamedFor() {
        CompletableFuture<ServletContext> held = new CompletableFuture<>();
        webapp.declare(held::complete).start();
        ServletContext context = held.join();

        assertThat(context.getServerInfo()).startsWith(serverInfo());
        assertThat(context.getMajorVersion() + "." + context.getMinorVersion()).isEqualTo(servletVersion());
    }

    @AfterEach
    final void stopIt() {
        webapp.close();
    }

    @Override
    public final GuardedApplication application() {
        if (application == null) {
            application = new GuardedWebapp(webapp);
        }
        return application;
    }

    @Override
    public final Webapp webapp() {
        return webapp;
    }
}
