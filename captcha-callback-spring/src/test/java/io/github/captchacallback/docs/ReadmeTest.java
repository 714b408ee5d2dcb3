package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.boot.CaptchaCallbackAutoConfiguration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Holds the README to its word. The environment variable of its snippets is set by the build. */
class ReadmeTest {

    private static final Snippets README = Snippets.of("README.md");

    @Test
    void everySnippetHasATest() {
        assertThat(README.names())
                .hasSize((int) README.blocks())
                .containsExactly("dependency", "web.xml", "servlet", "submit", "application.yml", "spring", "dsl");
    }

    @Test
    void dependencyIsThisVersion() throws IOException {
        String version = README.get("dependency").replaceAll("(?s).*<version>(.*)</version>.*", "$1");
        assertThat(Files.readString(Path.of("../pom.xml")))
                .contains("<artifactId>captcha-callback-parent</artifactId>\n    <version>" + version + "</version>");
    }

    @Test
    void webXmlGuardsTheCallbackPath(@TempDir Path folder) throws Exception {
        Path webapp = Files.createDirectories(folder.resolve("webapp"));
        Files.createDirectories(webapp.resolve("WEB-INF"));
        Files.writeString(webapp.resolve("WEB-INF/web.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                %s
                </web-app>
                """.formatted(README.get("web.xml")));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        // Of the container's own web.xml nothing is wanted, its JSP servlet least of all.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("", webapp.toString());
        context.setParentClassLoader(getClass().getClassLoader());
        // The class path of the tests has initializers of another webapp.
        context.setContainerSciFilter("SpringServletContainerInitializer");
        tomcat.start();
        try {
            Tomcat.addServlet(context, "application", new Endpoint());
            context.addServletMappingDecoded("/captcha/callback", "application");
            int port = tomcat.getConnector().getLocalPort();
            CaptchaCallbacks callbacks =
                    CaptchaCallbackFilter.callbacks(context.getServletContext()).orElseThrow();

            // The snippet's public URL is HTTPS, and this connection is not: nothing gets further than that.
            String query = URI.create(callbacks.issue().url()).getRawQuery() + "&id=1&code=x";
            HttpResponse<String> answer = get("http://localhost:" + port + "/captcha/callback?" + query);
            assertThat(answer.body()).isEqualTo("{\"error\":\"https required\"}");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static final class Endpoint extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("reached");
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theServletsCompile() {
        Snippets.compile("""
                import io.github.captchacallback.Callback;
                import io.github.captchacallback.CaptchaCallbacks;
                import io.github.captchacallback.servlet.CaptchaCallbackFilter;
                import jakarta.servlet.ServletContext;
                import jakarta.servlet.http.HttpServlet;
                import jakarta.servlet.http.HttpServletRequest;
                import jakarta.servlet.http.HttpServletResponse;

                class Reader extends HttpServlet {
                    interface Orders { void await(String reference); void complete(String reference, String code); }
                    interface Service { String submitTask(String siteKey, String pageUrl, String pingback); }
                    Orders orders;
                    Service service;

                    %s

                    String submit(ServletContext servletContext, String siteKey, String pageUrl) {
                        %s
                        return taskId;
                    }
                }
                """.formatted(README.get("servlet"), README.get("submit")));
    }

    @Test
    void springsSnippetsCompile() {
        Snippets.compile("""
                import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;
                import io.github.captchacallback.Callback;
                import org.springframework.security.config.Customizer;
                import org.springframework.security.config.annotation.web.builders.HttpSecurity;
                import org.springframework.security.core.annotation.AuthenticationPrincipal;
                import org.springframework.web.bind.annotation.RequestMapping;
                import org.springframework.web.bind.annotation.RestController;

                class Reader {
                    void chain(HttpSecurity http) throws Exception {
                        %s
                    }
                }

                %s
                """.formatted(README.get("dsl"), README.get("spring")));
    }

    @Test
    void applicationYmlAloneMakesCallbacks() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ByteArrayResource(README.get("application.yml").getBytes(StandardCharsets.UTF_8)));
        Properties properties = Objects.requireNonNull(yaml.getObject());
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CaptchaCallbackAutoConfiguration.class))
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new PropertiesPropertySource("readme", properties)))
                .run(context -> assertThat(
                                context.getBean(CaptchaCallbacks.class).issue().url())
                        .startsWith("https://your-server.com/captcha/callback?token=v1.2026-11."));
    }
}
