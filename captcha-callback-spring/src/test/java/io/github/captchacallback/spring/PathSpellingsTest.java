package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UrlPathHelper;
import org.springframework.web.util.pattern.PathPatternParser;

/** Tests spellings of the callback path that Spring MVC maps to the endpoint, without a firewall in front. */
class PathSpellingsTest {

    private static TestApplication caseInsensitive;
    private static TestApplication ant;

    /** Answers that it was reached, whatever the request is: only the guard is tested here. */
    @RestController
    static class Endpoint {

        @RequestMapping({PATH, PATH + "/**"})
        String callback() {
            return "reached";
        }

        @RequestMapping("/orders/**")
        String orders() {
            return "orders";
        }
    }

    /** Matches in any case, and with a slash at the end. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class CaseInsensitive implements WebMvcConfigurer {

        @Override
        public void configurePathMatch(PathMatchConfigurer configurer) {
            PathPatternParser parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            configurer.setPatternParser(parser);
        }
    }

    /** Decodes by the charset of the request, and matches in any case. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Ant implements WebMvcConfigurer {

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public void configurePathMatch(PathMatchConfigurer configurer) {
            AntPathMatcher matcher = new AntPathMatcher();
            matcher.setCaseSensitive(false);
            UrlPathHelper helper = new UrlPathHelper();
            helper.setUrlDecode(true);
            configurer.setPatternParser(null).setPathMatcher(matcher).setUrlPathHelper(helper);
        }
    }

    private static TestApplication start(Class<?> application) {
        SpringApplication withoutSecurity = new SpringApplication(application);
        withoutSecurity.setResourceLoader(
                new DefaultResourceLoader(new FilteredClassLoader("org.springframework.security")));
        return TestApplication.start(withoutSecurity, "server.servlet.encoding.enabled=false");
    }

    @BeforeAll
    static void start() {
        caseInsensitive = start(CaseInsensitive.class);
        ant = start(Ant.class);
    }

    @AfterAll
    static void stop() {
        caseInsensitive.close();
        ant.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/captcha/callbac%E2%84%AA, text/plain",
        "/CAPTCHA/callbac%e2%84%aa, text/plain",
        "/captcha/CALLBACK, text/plain",
        "/captcha/callback/extra, text/plain",
        "/captcha/callback/, text/plain",
        "/captcha/callback;x=1, text/plain",
        "/captcha/%0Fcallback, text/plain;charset=ISO-2022-JP",
        "/captcha/%1B%28Bcallback, text/plain;charset=ISO-2022-JP",
        "/%1B$B%23c%1B%28Baptcha/callback, text/plain;charset=ISO-2022-JP",
        "/captcha%2Fcallback, text/plain",
    })
    void getWhenSpringMapsASpellingToTheEndpointThenItIsNotReachedUnverified(String path, String contentType) {
        for (TestApplication application : new TestApplication[] {caseInsensitive, ant}) {
            HttpResponse<String> answer = application.send(
                    path + "?id=1&code=2", request -> request.GET().header("Content-Type", contentType));

            assertThat(answer.body()).doesNotContain("reached");
            assertThat(answer.statusCode()).isIn(400, 404);
        }
    }

    @ParameterizedTest
    @CsvSource({"/orders/%E2%84%AA", "/orders/1;x=1", "/orders/a%20b"})
    void getWhenAnUnusualPathIsAnotherOneThenItIsServed(String path) {
        assertThat(caseInsensitive.get(path).body()).isEqualTo("orders");
        assertThat(ant.get(path).body()).isEqualTo("orders");
    }

    @Test
    void getWhenTheCallbackIsGenuineThenItIsPassedOn() {
        assertThat(caseInsensitive.get(solved(caseInsensitive.issue(), "x")).body())
                .isEqualTo("reached");
        assertThat(ant.get(solved(ant.issue(), "x")).body()).isEqualTo("reached");
    }
}
