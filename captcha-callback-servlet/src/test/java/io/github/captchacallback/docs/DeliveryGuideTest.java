package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SettingDescription;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the snippets of {@code docs/delivery.md}, and compares what it says of settings. */
class DeliveryGuideTest {

    private static final Snippets GUIDE = Snippets.of("docs/delivery.md");

    @TempDir
    private Path classes;

    @Test
    void everyBlockIsTested() {
        assertThat(GUIDE.names())
                .hasSize((int) GUIDE.blocks())
                .containsExactly("OrderHandler.java", "handing-over", "do-not-retry", "dead-letters");
    }

    @Test
    void theIdempotentHandlerCompiles() {
        GUIDE.compile(classes, "OrderHandler.java");
    }

    @Test
    void theOtherSnippetsCompile() {
        Snippets.compile(
                """
                import io.github.captchacallback.*;
                import io.github.captchacallback.delivery.*;
                import io.github.captchacallback.store.StoredCallback;
                import java.time.*;
                import java.util.function.Predicate;

                class Reader {
                    interface Jobs { void insertUnlessPresent(String id, String solution); }
                    interface Orders { void complete(String reference, String solution); }

                    void handingOver(Jobs jobs) {
                        %s
                    }

                    void doNotRetry(InstantSource clock, Orders orders) {
                        %s
                    }

                    void deadLetters(CaptchaCallbacks callbacks, org.slf4j.Logger log, String reference) {
                        %s
                    }
                }
                """.formatted(GUIDE.get("handing-over"), GUIDE.get("do-not-retry"), GUIDE.get("dead-letters")));
    }

    @Test
    void theDefaultsAreThoseThatAreDeclared() {
        assertThat(CallbackSettings.schema().stream()
                        .filter(setting -> setting.key().startsWith("delivery.")))
                .hasSize(3)
                .allSatisfy(setting -> assertThat(GUIDE.document()).contains(row(setting)));
    }

    private static String row(SettingDescription setting) {
        return "| `" + setting.key() + "` | `" + setting.defaultValue() + "` | ";
    }

    @Test
    void everyLinkWithinTheGuideLeadsToAHeading() {
        assertThat(Pattern.compile("\\]\\(#([\\w-]+)\\)")
                        .matcher(GUIDE.document())
                        .results())
                .hasSizeGreaterThan(7)
                .allSatisfy(link -> assertThat(GUIDE.document()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace(' ', '-'))
                        .contains("#-" + link.group(1) + "\n"));
    }
}
