package io.github.captchacallback.samples.lines;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Is an application as the guide has it: properties guard its endpoint, and a filter chain of its own the other paths. */
@SpringBootApplication
class LineApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(LineApplication.class, arguments);
    }

    @Bean
    SecurityFilterChain users(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/contract/**", "/actuator/**", "/error")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(Customizer.withDefaults())
                .build();
    }
}
