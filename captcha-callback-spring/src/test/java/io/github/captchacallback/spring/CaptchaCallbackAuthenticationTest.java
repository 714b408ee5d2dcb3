package io.github.captchacallback.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.provider.TaskResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;

class CaptchaCallbackAuthenticationTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static Callback callback(String solution) {
        return new Callback("4711", new TaskResult.Solution(solution), "a-reference-of-ours", NOW, NOW);
    }

    @Test
    void newThenHasTheCallbackAsItsPrincipalAndTheOneAuthority() {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback("an-answer"));

        assertThat(authentication.getPrincipal()).isEqualTo(callback("an-answer"));
        assertThat(authentication.getName()).isEqualTo("a-reference-of-ours");
        assertThat(authentication.isAuthenticated()).isTrue();
        assertThat(authentication.getCredentials()).isNull();
        assertThat(authentication.getAuthorities())
                .extracting(GrantedAuthority::getAuthority)
                .containsExactly("CAPTCHA_CALLBACK");
    }

    @Test
    void newThenIsTransientSoThatNoSessionIsMadeForIt() {
        assertThat(AnnotationUtils.findAnnotation(CaptchaCallbackAuthentication.class, Transient.class))
                .isNotNull();
    }

    @Test
    void equalsThenDependsOnTheCallback() {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback("an-answer"));

        assertThat(authentication)
                .isEqualTo(new CaptchaCallbackAuthentication(callback("an-answer")))
                .hasSameHashCodeAs(new CaptchaCallbackAuthentication(callback("an-answer")))
                .isNotEqualTo(new CaptchaCallbackAuthentication(callback("another-answer")));
    }

    @Test
    void toStringThenLeavesTheAnswerOut() {
        assertThat(new CaptchaCallbackAuthentication(callback("an-answer")))
                .asString()
                .contains("a-reference-of-ours")
                .doesNotContain("an-answer");
    }

    @Test
    void writeThenCanBeReadAgain() throws IOException, ClassNotFoundException {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback("an-answer"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(authentication);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(authentication);
        }
    }
}
