package io.github.captchacallback.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.Callback;
import io.github.captchacallback.spring.CaptchaCallbackAuthentication;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig
class WithMockCaptchaCallbackTest {

    @Autowired
    private Answers answers;

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Application {

        @Bean
        Answers answers() {
            return new Answers();
        }
    }

    static class Answers {

        @PreAuthorize("hasAuthority('" + CaptchaCallbackAuthentication.AUTHORITY + "')")
        public String read() {
            return "read";
        }
    }

    @Test
    @WithMockCaptchaCallback(taskId = "4711", error = "ERROR_CAPTCHA_UNSOLVABLE", reference = "a-reference")
    void aTestRunsAsIfACallbackWereHandled() {
        assertThat(answers.read()).isEqualTo("read");
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        assertThat(authentication).isInstanceOf(CaptchaCallbackAuthentication.class);
        assertThat(authentication.getPrincipal()).isInstanceOfSatisfying(Callback.class, callback -> {
            assertThat(callback.taskId()).isEqualTo("4711");
            assertThat(callback.error()).contains("ERROR_CAPTCHA_UNSOLVABLE");
            assertThat(callback.reference()).isEqualTo("a-reference");
            assertThat(callback.receivedAt()).isNotNull();
        });
    }

    @Test
    void aTestWithoutTheAnnotationDoesNot() {
        assertThatExceptionOfType(AuthenticationCredentialsNotFoundException.class)
                .isThrownBy(() -> answers.read());
    }
}
