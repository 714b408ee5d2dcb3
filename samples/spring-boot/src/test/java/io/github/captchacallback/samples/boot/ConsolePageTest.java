package io.github.captchacallback.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Says that the page comes with its policy, keeps to it, and loads nothing from elsewhere. */
class ConsolePageTest {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** The names of XML namespaces look like URLs, and nothing is loaded from them. */
    private static final Pattern NAMESPACE = Pattern.compile("http://www\\.w3\\.org/[a-zA-Z0-9/]+");

    private static final Pattern ELSEWHERE =
            Pattern.compile("https?://|(?:src|href)\\s*=\\s*[\"']?//|url\\(\\s*[\"']?//");
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)\\s*=\\s*\"([^\"#][^\"]*)\"");

    private final RunningDemo demo = RunningDemo.shared();

    @Test
    void getThenThePageComesWithItsPolicyAndWithoutACookie() {
        HttpResponse<String> page = demo.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().allValues("Content-Security-Policy")).containsExactly(POLICY);
        assertThat(page.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(page.headers().map()).doesNotContainKey("set-cookie");
        assertThat(page.body().toLowerCase(Locale.ROOT)).contains("<!doctype html>", "<title>");
    }

    @Test
    void getThenWhatThePageRefersToIsThere() {
        assertThat(REFERENCE.matcher(demo.get("/").body()).results().map(reference -> reference.group(1)))
                .filteredOn(reference -> !reference.startsWith("data:"))
                .allSatisfy(reference -> assertThat(demo.get(reference.startsWith("/") ? reference : "/" + reference)
                                .statusCode())
                        .isEqualTo(200));
    }

    @Test
    void getThenThePageKeepsToItsPolicy() {
        assertThat(demo.get("/").body())
                .doesNotContainPattern("<script(?![^>]*\\bsrc=)")
                .doesNotContainPattern("<style\\b")
                .doesNotContainPattern("<[^>]+\\sstyle=")
                .doesNotContainPattern("<[^>]+\\son[a-z]+=")
                .doesNotContain("javascript:");
    }

    @Test
    void theStaticFilesThenReferToNothingElsewhere() throws IOException {
        Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath*:/static/**/*.*");

        assertThat(files).isNotEmpty();
        for (Resource file : files) {
            String text = NAMESPACE
                    .matcher(file.getContentAsString(StandardCharsets.UTF_8))
                    .replaceAll("");
            assertThat(ELSEWHERE.matcher(text).results().map(MatchResult::group))
                    .as(file.getDescription())
                    .isEmpty();
        }
    }
}
