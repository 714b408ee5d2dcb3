package io.github.captchacallback.docs.war;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;

import io.github.captchacallback.CaptchaCallbacks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

@Configuration
@ComponentScan
@EnableWebMvc
@EnableWebSecurity
public class ShopConfiguration {

    @Bean
    CaptchaCallbacks captchaCallbacks() {
        return CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/shop/captcha/callback")
                .signingKey("2026-11", "env:CAPTCHA_SECRET")
                .trustProxies("127.0.0.1")
                .build();
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http.with(captchaCallback(), Customizer.withDefaults())
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .httpBasic(Customizer.withDefaults())
                .build();
    }
}
