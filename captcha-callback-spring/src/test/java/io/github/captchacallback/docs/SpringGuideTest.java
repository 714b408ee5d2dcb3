package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.spring.boot.CaptchaCallbackAutoConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Holds {@code docs/spring.md} to its word. Its applications are the packages {@code shop} and {@code war}, whose tests run with the others. */
class SpringGuideTest {

    private static final Snippets GUIDE = Snippets.of("docs/spring.md");
    private static final Path SHOP = Path.of("src/test/java/io/github/captchacallback/docs/shop");
    private static final Path WAR = Path.of("src/test/java/io/github/captchacallback/docs/war");

    @Test
    void everySnippetHasATest() {
        assertThat(GUIDE.names())
                .hasSize((int) GUIDE.blocks())
                .containsExactly(
                        "dependency",
                        "application.yml",
                        "Orders.java",
                        "CaptchaEndpoint.java",
                        "rule",
                        "errors",
                        "listener",
                        "events",
                        "CaptchaCallbackTest.java",
                        "uri",
                        "with-mock",
                        "dsl",
                        "settings",
                        "ShopInitializer.java",
                        "SecurityInitializer.java",
                        "ShopConfiguration.java",
                        "several");
    }

    @Test
    void dependencyIsThatOfTheReadme() {
        assertThat(GUIDE.get("dependency"))
                .isEqualTo(Snippets.of("README.md")
                        .get("dependency")
                        .replace("captcha-callback-servlet", "captcha-callback-spring"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orders.java", "CaptchaEndpoint.java", "CaptchaCallbackTest.java"})
    void theClassesAreThoseThatAreTested(String name) throws IOException {
        String source = Files.readString(SHOP.resolve(name));
        assertThat(source).isEqualTo("package io.github.captchacallback.docs.shop;\n\n" + GUIDE.get(name) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ShopInitializer.java", "SecurityInitializer.java", "ShopConfiguration.java"})
    void theClassesOfTheWarAreThoseThatAreTested(String name) throws IOException {
        String source = Files.readString(WAR.resolve(name));
        assertThat(source).isEqualTo("package io.github.captchacallback.docs.war;\n\n" + GUIDE.get(name) + "\n");
    }

    private static WebApplicationContextRunner withApplicationYml() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ByteArrayResource(GUIDE.get("application.yml").getBytes(StandardCharsets.UTF_8)));
        Properties properties = Objects.requireNonNull(yaml.getObject());
        return new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CaptchaCallbackAutoConfiguration.class))
                .withInitializer(context -> RandomValuePropertySource.addToEnvironment(context.getEnvironment()))
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new PropertiesPropertySource("guide", properties)));
    }

    @Test
    void applicationYmlAloneMakesCallbacks() {
        withApplicationYml()
                .run(context -> assertThat(context.getBean(CaptchaCallbacks.class)
                                .settings()
                                .requireHttps())
                        .isFalse());
    }

    /** Who follows the guide has both, and on the machine that runs the tests no secret in the environment. */
    @Test
    void thePropertiesOfTheTestTakeTheKeysPlaceInApplicationYml() throws ClassNotFoundException {
        Class<?> test = Class.forName("io.github.captchacallback.docs.shop.CaptchaCallbackTest");
        withApplicationYml()
                .withPropertyValues(test.getAnnotation(SpringBootTest.class).value())
                .run(context -> {
                    SignatureSettings signature =
                            context.getBean(CaptchaCallbacks.class).settings().signature();
                    assertThat(signature.activeKey()).isEqualTo("2026-11");
                    assertThat(signature.keys().values())
                            .singleElement()
                            .satisfies(secret ->
                                    assertThat(secret.bytes()).asString().matches("[0-9a-f]{32}"));
                });
    }

    @Test
    void theRestCompiles() {
        Snippets.compile("""
                import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
                import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
                import io.github.captchacallback.Callback;
                import io.github.captchacallback.CallbackEvent;
                import io.github.captchacallback.CaptchaCallbacks;
                import io.github.captchacallback.http.Refusal;
                import io.github.captchacallback.delivery.CallbackEndpoint;
                import io.github.captchacallback.spring.CaptchaCallbackListener;
                import io.github.captchacallback.spring.test.WithMockCaptchaCallback;
                import jakarta.servlet.DispatcherType;
                import org.junit.jupiter.api.Test;
                import org.springframework.context.annotation.Bean;
                import org.springframework.context.event.EventListener;
                import org.springframework.security.config.Customizer;
                import org.springframework.security.config.annotation.web.builders.HttpSecurity;
                import org.springframework.security.web.SecurityFilterChain;
                import org.springframework.web.client.RestClient;

                class Reader {
                    interface Orders { void tryAgain(); void complete(Callback callback); }
                    interface Audit { void record(Refusal refusal, String client); }
                    Orders orders;
                    Audit audit;

                    void chain(HttpSecurity http) throws Exception {
                        %s
                        %s
                        %s
                        %s
                    }

                    %s

                    // What is called of RestTestClient, RestClient has by the same names.
                    void uri(RestClient client, CaptchaCallbacks callbacks) {
                        %s
                    }

                    %s

                    %s

                    %s
                }
                """.formatted(
                        GUIDE.get("rule"),
                        GUIDE.get("errors"),
                        GUIDE.get("dsl"),
                        GUIDE.get("settings"),
                        GUIDE.get("several"),
                        GUIDE.get("uri").replace("exchange()", "retrieve()"),
                        GUIDE.get("with-mock"),
                        GUIDE.get("listener"),
                        GUIDE.get("events")));
    }
}
