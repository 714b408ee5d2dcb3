package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Describes what the filter does in every servlet container, over real connections. A container's test extends it and says only how
 * that container is started.
 *
 * <p>Two containers run for a whole class of tests. In one, each test starts a webapp of its own. In the other runs the
 * application of {@link HttpContract}, which all tests of that contract share: they keep apart by their references.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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

    private final TestContainer ofOneTestEach = container();
    private final TestContainer ofTheApplication = container();
    private Webapp webapp;
    private @Nullable Webapp applicationsWebapp;
    private @Nullable GuardedApplication application;

    abstract TestContainer container();

    /** Returns how the container introduces itself, up to the version that the test is named for. */
    abstract String serverInfo();

    /** Returns the version of the Servlet API that the container brings. */
    abstract String servletVersion();

    @BeforeEach
    final void describeAWebapp() {
        webapp = new Webapp(ofOneTestEach);
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

    @AfterAll
    final void stopTheContainers() throws Exception {
        ofOneTestEach.close();
        if (applicationsWebapp != null) {
            applicationsWebapp.close();
        }
        ofTheApplication.close();
    }

    @Override
    public final GuardedApplication application() {
        if (application == null) {
            applicationsWebapp = new Webapp(ofTheApplication);
            application = new GuardedWebapp(applicationsWebapp);
        }
        return application;
    }

    @Override
    public final Webapp webapp() {
        return webapp;
    }
}
