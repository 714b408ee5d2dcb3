package io.github.captchacallback.spring.boot;

import static io.github.captchacallback.spring.CaptchaCallbackConfigurer.captchaCallback;

import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.spring.CallbackAuthenticationEvents;
import io.github.captchacallback.spring.GuardedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Authenticates the callbacks that the servlet filter has verified, in a filter chain of their own. Every other path is left to the
 * application's chains.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpSecurity.class)
@ConditionalOnBean(HttpSecurity.class)
class GuardBySecurity {

    static final String CHAIN = "captchaCallbackSecurityFilterChain";

    @Bean
    VerdictObserver captchaCallbackAuthenticationEvents(ApplicationContext context) {
        return endpoint -> CallbackAuthenticationEvents.of(context, endpoint);
    }

    @Bean(CHAIN)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean(name = CHAIN)
    SecurityFilterChain captchaCallbackSecurityFilterChain(HttpSecurity http, GuardedEndpoints endpoints)
            throws Exception {
        return http.securityMatcher(request ->
                        endpoints.all().stream().anyMatch(endpoint -> CaptchaCallbackFilter.covers(endpoint, request)))
                .with(captchaCallback(), Customizer.withDefaults())
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .build();
    }
}
