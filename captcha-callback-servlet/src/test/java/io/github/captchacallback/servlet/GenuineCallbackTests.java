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
