package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what the application has of a genuine callback, however the service sends it. */
interface GenuineCallbackTests extends WebappTests {

    String FORM = "id=" + TASK_ID + "&code=" + CODE;

    /** Reads something of a request. */
    @FunctionalInterface
    interface Reading {
        String read(HttpServletRequest request) throws IOException;
    }

    /** Has the endpoint answer with what it reads. */
    private void startAnsweringWith(Reading reading) {
        webapp().endpoint((request, response) -> {
                    webapp().remember(CaptchaCallbackFilter.callback(request).orElseThrow());
                    response.setContentType("text/plain");
                    response.getOutputStream().write(reading.read(request).getBytes(StandardCharsets.UTF_8));
                })
                .start();
    }

    private static String all(Map<String, String[]> parameters) {
        return new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + Arrays.toString(each.getValue()))
                        .collect(Collectors.joining(" "));
    }

    @Test
    default void getWhenGenuineThenTheApplicationHasTheCallback() {
        webapp().start();
        String issued = webapp().issue();

        Answer answer = webapp().get(genuine(issued));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Webapp.HANDLED);
        assertThat(webapp().handled()).singleElement().satisfies(callback -> {
            assertThat(callback.taskId()).isEqualTo(TASK_ID);
            assertThat(callback.code()).isEqualTo(CODE);
            assertThat(callback.reference()).isEqualTo(Webapp.reference(issued));
            assertThat(callback.solved()).isTrue();
        });
    }

    @Test
    default void postWhenGenuineThenTheApplicationHasTheCallback() {
        webapp().start();
        String issued = webapp().issue();

        Answer answer = webapp().send(Call.post(issued, FORM));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(webapp().handled()).singleElement().satisfies(callback -> {
            assertThat(callback.taskId()).isEqualTo(TASK_ID);
            assertThat(callback.code()).isEqualTo(CODE);
            assertThat(callback.reference()).isEqualTo(Webapp.reference(issued));
        });
    }

    @Test
    default void postWhenChunkedThenTheApplicationHasTheCallback() {
        webapp().start();
        Call call = Call.of("POST", webapp().issue()).header("Content-Type", Call.FORM);

        assertThat(webapp().send(call.chunkedBody(FORM, 7)).status()).isEqualTo(200);
        assertThat(webapp().handled()).extracting(Callback::code).containsExactly(CODE);
    }

    @Test
    default void postWhenTheClientWaitsForTheGoAheadThenTheApplicationHasTheCallback() {
        webapp().start();
        Call call = Call.of("POST", webapp().issue()).header("Content-Type", Call.FORM);

        assertThat(webapp().send(call.header("Expect", "100-continue").body(FORM))
                        .status())
                .isEqualTo(200);
        assertThat(webapp().handled()).extracting(Callback::code).containsExactly(CODE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded;charset=utf-8",
                "application/x-www-form-urlencoded; charset=\"UTF-8\"",
                "Application/X-WWW-Form-Urlencoded",
            })
    default void postWhenTheTypeIsSpeltInAnotherWayThenTheApplicationHasTheCallback(String type) {
        webapp().start();

        Call call = Call.of("POST", webapp().issue()).header("Content-Type", type);

        assertThat(webapp().send(call.body(FORM)).status()).isEqualTo(200);
    }

    @Test
    default void postWhenTheParametersStandInTheQueryThenTheApplicationHasTheCallback() {
        webapp().start();

        assertThat(webapp().send(Call.of("POST", genuine(webapp().issue())).body(""))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {6_000, 8_192})
    default void getWhenTheCodeIsLongThenTheApplicationHasAllOfIt(int length) {
        startAnsweringWith(request -> request.getParameter("code"));
        String code = "x".repeat(length - 1) + "y";

        Answer answer = webapp().get(webapp().issue() + "&id=1&code=" + code);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(code);
        assertThat(webapp().handled()).extracting(Callback::code).containsExactly(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {6_000, 8_192, 16_384})
    default void postWhenTheCodeIsLongThenTheApplicationHasAllOfIt(int length) {
        startAnsweringWith(request -> request.getParameter("code"));
        String code = "+".repeat(length - 1) + "y";

        Answer answer = webapp().send(Call.post(webapp().issue(), "id=1&code=" + code.replace("+", "%2B")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a+b | a b",
                "a%20b | a b",
                "a%2Bb | a+b",
                "a%2bb | a+b",
                "%2525 | %25",
                "a%26id%3D2 | a&id=2",
                "caf%C3%A9 | café",
                "%7B%22lot_number%22%3A%22f1%22%2C%22score%22%3A%5B1%5D%7D | {\"lot_number\":\"f1\",\"score\":[1]}",
                "ERROR_CAPTCHA_UNSOLVABLE | ERROR_CAPTCHA_UNSOLVABLE",
            })
    default void codeWhenEncodedThenTheApplicationHasWhatTheServiceMeant(String sent, String meant) {
        startAnsweringWith(request -> request.getParameter("code"));

        Answer got = webapp().get(webapp().issue() + "&id=1&code=" + sent);
        Answer posted = webapp().send(Call.post(webapp().issue(), "id=1&code=" + sent));

        assertThat(got.body()).isEqualTo(meant);
        assertThat(posted.body()).isEqualTo(meant);
        assertThat(webapp().handled()).extracting(Callback::code).containsExactly(meant, meant);
    }

    /** What no URL may hold some containers refuse before any filter runs, and some let pass. */
    @ParameterizedTest
    @ValueSource(strings = {"{1}", "a|b", "\"a\"", "a^b", "<a>", "a\\b", "`a`", "[1]", "a'b", "a;b", "a/b?c", "a:b@c"})
    default void codeWhenItStandsThereUnencodedThenTheApplicationHasAllOfItOrItMayComeAgain(String code) {
        startAnsweringWith(request -> request.getParameter("code"));
        String issued = webapp().issue();

        Answer answer = webapp().get(issued + "&id=1&code=" + code);

        if (answer.status() == 200) {
            assertThat(answer.body()).isEqualTo(code);
        } else {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(webapp().handled()).isEmpty();
            webapp().assertAccepts(issued);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{1}", "a|b", "\"a\"", "<a>", "[1]", "a;b", "a/b?c=d", "{\"a\":[\"b\"]}"})
    default void codeWhenItStandsUnencodedInAFormThenTheApplicationHasAllOfIt(String code) {
        startAnsweringWith(request -> request.getParameter("code"));

        assertThat(webapp().send(Call.post(webapp().issue(), "id=1&code=" + code))
                        .body())
                .isEqualTo(code);
    }

    @Test
    default void codeWhenItIsAnErrorThenTheApplicationIsToldSo() {
        webapp().start();

        webapp().send(Call.post(webapp().issue(), "id=1&code=ERROR_CAPTCHA_UNSOLVABLE"));

        assertThat(webapp().handled()).singleElement().satisfies(callback -> {
            assertThat(callback.solved()).isFalse();
            assertThat(callback.error()).contains("ERROR_CAPTCHA_UNSOLVABLE");
        });
    }

    @Test
    default void applicationWhenItReadsTheParametersOfAGetThenItHasThemAll() {
        startAnsweringWith(request -> all(request.getParameterMap()));
        String issued = webapp().issue();

        assertThat(webapp().get(issued + "&id=1&code=2&mine=a&mine=b&flag").body())
                .isEqualTo("code=[2] flag=[] id=[1] mine=[a, b] token=[" + issued.substring(issued.indexOf('=') + 1)
                        + "]");
    }

    @Test
    default void applicationWhenItReadsTheParametersOfAPostThenQueryAndBodyAreJoined() {
        startAnsweringWith(request -> all(request.getParameterMap()));
        String issued = webapp().issue();

        assertThat(webapp().send(Call.post(issued + "&mine=query", "id=1&code=2&mine=body"))
                        .body())
                .isEqualTo(
                        "code=[2] id=[1] mine=[query, body] token=[" + issued.substring(issued.indexOf('=') + 1) + "]");
    }

    @Test
    default void applicationWhenItReadsParametersOneByOneThenItHasThem() {
        startAnsweringWith(request ->
                Collections.list(request.getParameterNames()).stream().sorted().toList()
                        + request.getParameter("mine")
                        + Arrays.toString(request.getParameterValues("mine"))
                        + request.getParameter("absent")
                        + Arrays.toString(request.getParameterValues("absent")));

        assertThat(webapp().send(Call.post(webapp().issue() + "&mine=a", "id=1&code=2&mine=b"))
                        .body())
                .isEqualTo("[code, id, mine, token]a[a, b]nullnull");
    }

    @Test
    default void applicationWhenItReadsTheBodyOfAPostThenItHasWhatWasSent() {
        startAnsweringWith(request -> new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                + request.getParameter("id"));

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(FORM + TASK_ID);
    }

    @Test
    default void applicationWhenItReadsTheBodyOfAGetThenItIsEmpty() {
        startAnsweringWith(
                request -> "body: " + new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8));

        assertThat(webapp().get(genuine(webapp().issue())).body()).isEqualTo("body: ");
    }

    @Test
    default void applicationWhenItReadsTheBodyAsTextThenItHasWhatWasSent() {
        startAnsweringWith(request -> request.getReader().lines().collect(Collectors.joining("\n")));

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(FORM);
    }

    @Test
    default void applicationWhenItAsksForTheReaderAgainForEachLineThenItComesToAnEnd() {
        startAnsweringWith(request -> {
            StringBuilder body = new StringBuilder();
            String line = request.getReader().readLine();
            while (line != null && body.length() < 10_000) {
                body.append(line);
                line = request.getReader().readLine();
            }
            return body.toString();
        });

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(FORM);
    }

    @Test
    default void applicationWhenItAsksForTheStreamAgainForEachByteThenItComesToAnEnd() {
        startAnsweringWith(request -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int read = request.getInputStream().read();
            while (read >= 0 && body.size() < 10_000) {
                body.write(read);
                read = request.getInputStream().read();
            }
            return body.toString(StandardCharsets.UTF_8);
        });

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(FORM);
    }

    @Test
    default void applicationWhenItReadsTheBodyWithoutBlockingThenItHasWhatWasSent() {
        webapp().endpoint((request, response) -> {
                    AsyncContext context = request.startAsync();
                    ServletInputStream in = request.getInputStream();
                    in.setReadListener(new ReadListener() {
                        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

                        @Override
                        public void onDataAvailable() throws IOException {
                            while (in.isReady() && !in.isFinished()) {
                                body.write(in.read());
                            }
                        }

                        @Override
                        public void onAllDataRead() throws IOException {
                            response.getOutputStream().write(body.toByteArray());
                            context.complete();
                        }

                        @Override
                        public void onError(Throwable thrown) {
                            context.complete();
                        }
                    });
                })
                .start();

        assertThat(webapp().send(Call.post(webapp().issue(), FORM)).body()).isEqualTo(FORM);
    }

    @Test
    default void applicationWhenItReadsTheBodyInTheEncodingThatTheRequestNamesThenItHasIt() {
        startAnsweringWith(request -> {
            try (BufferedReader reader = request.getReader()) {
                return request.getCharacterEncoding() + " " + reader.readLine();
            }
        });
        Call call = Call.of("POST", webapp().issue())
                .header("Content-Type", Call.FORM + ";charset=UTF-8")
                .body("id=1&code=café");

        assertThat(webapp().send(call).body()).isEqualToIgnoringCase("utf-8 id=1&code=café");
    }

    @Test
    default void callbackWhenTheServiceHasOtherNamesThenTheApplicationHasIt() {
        webapp().set("parameters.task-id", "captcha_id").start();

        assertThat(webapp().get(webapp().issue() + "&captcha_id=7&status=1&code=2")
                        .status())
                .isEqualTo(200);
        assertThat(webapp().handled()).extracting(Callback::taskId).containsExactly("7");
    }

    @Test
    default void callbackWhenTheTokenStandsInThePathThenTheApplicationHasIt() {
        webapp().set("signature.url-style", "path")
                .servlet(
                        Webapp.PATH + "/*",
                        (request, response) -> webapp().remember(
                                        CaptchaCallbackFilter.callback(request).orElseThrow()))
                .start();
        String issued = webapp().issue();

        assertThat(issued).doesNotContain("?");
        assertThat(webapp().get(issued + "?" + FORM).status()).isEqualTo(200);
        assertThat(webapp().get(issued + "?" + FORM).status()).isEqualTo(409);
        assertThat(webapp().get(Webapp.PATH + "?" + FORM).status()).isEqualTo(400);
        assertThat(webapp().handled()).hasSize(1);
    }
}
