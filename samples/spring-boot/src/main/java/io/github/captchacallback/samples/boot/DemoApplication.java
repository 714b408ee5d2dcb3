package io.github.captchacallback.samples.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import io.github.captchacallback.samples.tasks.CaptchaService;
import io.github.captchacallback.samples.tasks.DemoTasks;
import java.net.URI;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Starts the console and, in the same process, the simulated CAPTCHA service that it submits its tasks to. Several nodes can share
 * a store and one simulated service.
 */
// The console has no users, and so needs no generated password.
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
class DemoApplication {

    /**
     * Starts the demo, and says where to look.
     *
     * @param arguments any setting, as {@code --captcha.callback.…=…}
     */
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (AbandonedRunException e) {
            System.exit(1);
        }
    }

    static void run(String... arguments) {
        SpringApplication application = new SpringApplication(DemoApplication.class);
        application.addListeners(new DemoDefaults(), new TakenPorts());
        ConfigurableApplicationContext context = application.run(arguments);
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        LoggerFactory.getLogger(DemoApplication.class)
                .info("Open http://localhost:{}/ and press Ctrl-C here to end the demo", port);
    }

    /** Starts the simulated service, unless this node uses that of another. */
    @Bean
    @ConditionalOnProperty(name = "demo.simulator.enabled", matchIfMissing = true)
    CaptchaSimulator captchaSimulator(@Value("${demo.simulator.port}") int port) {
        return CaptchaSimulator.start(port);
    }

    @Bean
    DemoTasks demoTasks(
            CaptchaCallbacks callbacks,
            ObjectProvider<CaptchaSimulator> simulator,
            @Value("${demo.service-url:}") String serviceUrl) {
        CaptchaSimulator own = simulator.getIfAvailable();
        if (own == null && serviceUrl.isBlank()) {
            throw new IllegalStateException(
                    "demo.simulator.enabled=false, and demo.service-url is missing. Set it to the"
                            + " simulator of another node, such as http://127.0.0.1:8090");
        }
        return new DemoTasks(callbacks, new CaptchaService(own == null ? URI.create(serviceUrl) : own.baseUri()));
    }

    /** The console has no users. The callback path is not its affair: the library guards it in a chain of its own. */
    @Bean
    SecurityFilterChain consoleSecurity(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                                + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'")))
                .build();
    }
}
