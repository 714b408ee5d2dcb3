package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.PATH;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.store.CallbackStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the protocol's table of answers to the letter, where {@link HttpContract} does not. */
interface AnswerTests extends WebappTests {

    static void assertAnswer(Answer answer, int status, String mediaType, String body) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        // Jetty's ee11 names the encoding of a text that is written as bytes.
        assertThat(String.valueOf(answer.header("Content-Type")).replace("text/plain;charset=iso-8859-1", "text/plain"))
                .isEqualTo(mediaType);
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(body.length()));
        assertProtected(answer);
    }

    static void assertRefused(Answer answer, int status, String error) {
        assertAnswer(answer, status, "application/json", "{\"error\":\"" + error + "\"}");
    }

    static void assertProtected(Answer answer) {
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    /** A container may say more on an error page of its own. */
    static void assertErrorPageProtected(Answer answer) {
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "BREW"})
    default void callbackWhenMethodIsUnheardOfThen405AndAllow(String method) {
        webapp().start();

        Answer answer = webapp().send(Call.of(method, genuine(webapp().issue())));

        assertRefused(answer, 405, "method not allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
    }

    @Test
    default void callbackWhenOnlyPostIsConfiguredThenGetIs405() {
        webapp().set("methods", "POST").start();

        Answer answer = webapp().get(genuine(webapp().issue()));

        assertRefused(answer, 405, "method not allowed");
        assertThat(answer.header("Allow")).isEqualTo("POST");
    }

    @Test
    default void callbackWhenTheStoreIsOutOfReachThen503AndRetryAfter() {
        webapp().store(store -> new FailingStore(store).onClaim(() -> {
                    throw new CallbackStoreException("out of reach");
                }))
                .start();

        Answer answer = webapp().get(genuine(webapp().issue()));

        assertRefused(answer, 503, "unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("10");
        assertThat(webapp().handled()).isEmpty();
    }

    @Test
    default void callbackWhenAcceptedWithoutAnAnswerOfTheApplicationThen200Ok() {
        webapp().delivery(callbacks -> CallbackEndpoint.of(callbacks, callback -> {}, Runnable::run))
                .start();

        assertAnswer(webapp().get(genuine(webapp().issue())), 200, "text/plain", "OK");
    }

    /** Repeats a callback; the answer to it may have arrived a moment before its claim was settled. */
    private Answer repeat(String target) {
        Answer answer = webapp().get(target);
        while (answer.body().contains("in progress")) {
            answer = webapp().get(target);
        }
        return answer;
    }

    @Test
    default void callbackWhenRepeatedToTheLetterAndDuplicatesAreOkThen200OkAndNotHandedOn() {
        webapp().set("replay.duplicates", "ok").start();
        String issued = webapp().issue();
        webapp().assertAccepts(issued);

        assertAnswer(repeat(genuine(issued)), 200, "text/plain", "OK");
        assertThat(webapp().handled()).hasSize(1);
        assertRefused(webapp().get(issued + "&id=74327409378&code=other"), 409, "already processed");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 138.201.0.0/16, /captcha/callback?token=x, 403, forbidden",
        "GET, 127.0.0.0/8, /captcha/callback?token=x, 403, forbidden",
        "GET, 127.0.0.0/8, /captcha/callback?token=x&id=1&code=2, 403, forbidden",
        "PUT, 127.0.0.0/8, /captcha/callback, 405, method not allowed",
    })
    default void callbackWhenDetailsAreWithheldThenEveryRefusalButTwoIsAlike(
            String method, String allowed, String target, int status, String error) {
        webapp().set("error-detail", "false").set("source.allow", allowed).start();

        assertRefused(webapp().send(Call.of(method, target)), status, error);
    }

    @Test
    default void callbackWhenDetailsAreWithheldThenAGenuineRepeatIsForbidden() {
        webapp().set("error-detail", "false").start();
        String issued = webapp().issue();
        webapp().assertAccepts(issued);

        assertRefused(webapp().get(genuine(issued)), 403, "forbidden");
        assertRefused(webapp().get(PATH), 403, "forbidden");
    }
}
