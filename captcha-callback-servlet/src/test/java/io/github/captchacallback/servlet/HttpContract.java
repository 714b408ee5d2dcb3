package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.AnswerTests.assertErrorPageProtected;
import static io.github.captchacallback.servlet.AnswerTests.assertProtected;
import static io.github.captchacallback.servlet.AnswerTests.assertRefused;
import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.PATH;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static io.github.captchacallback.servlet.Webapp.reference;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Race;
import io.github.captchacallback.servlet.GuardedApplication.Arrival;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Says what a service sees over HTTP of an application that is guarded, be it a webapp in a container of this JVM or a packaged
 * jar in one of its own. What the service does not see is for the other tests of {@link CaptchaCallbackFilterContract}.
 */
public interface HttpContract {

    /** What a service posts. */
    String FORM = "id=" + TASK_ID + "&code=" + CODE;

    /** Returns the application under contract, which is running. */
    GuardedApplication application();

    // The table of answers.

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS"})
    default void callbackWhenMethodIsNoneOfTheConfiguredThen405AndAllow(String method) {
        String issued = application().issue();

        Answer answer = application().send(Call.of(method, genuine(issued)));

        assertRefused(answer, 405, "method not allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenMethodIsHeadThen405WithoutABody() {
        String issued = application().issue();

        Answer answer = application().send(Call.of("HEAD", genuine(issued)));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertProtected(answer);
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenItCameByPlainHttpThen403() {
        String issued = application().issue();
        Call call = Call.get(genuine(issued)).header("X-Forwarded-For", "138.201.1.1");

        assertRefused(application().sendAsItIs(call), 403, "https required");
        assertRefused(application().sendAsItIs(call.header("X-Forwarded-Proto", "http")), 403, "https required");
        application().assertLeftNothing(issued);
    }

    /** Who is no proxy of ours may say what it likes of where a call came from. */
    @Test
    default void callbackWhenAStrangerSaysThatItWasHttpsFromTheServiceThen403() {
        String issued = application().issue();

        assertRefused(application().send(Call.get(genuine(issued)).from(2)), 403, "https required");
        application().assertLeftNothing(issued);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.6.6.6", "138.201.1.1, 6.6.6.6", "138.201.1.1, nonsense", "127.0.0.1"})
    default void callbackWhenTheAddressIsNotAllowedThen403(String hops) {
        String issued = application().issue();
        Call call = Call.get(genuine(issued)).header("X-Forwarded-For", hops).header("X-Forwarded-Proto", "https");

        assertRefused(application().sendAsItIs(call), 403, "forbidden");
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenAParameterIsMissingThen400() {
        String issued = application().issue();

        assertRefused(application().get(issued + "&id=1"), 400, "malformed callback");
        application().assertLeftNothing(issued);
    }

    /** Made-up URLs with bodies that never come would hold every thread of a container. */
    @Test
    default void postWhenTheUrlIsForgedAndItsBodyNeverComesThenItIsAnsweredAllTheSame() throws IOException {
        String issued = application().issue();
        Call dangling = Call.of("POST", issued.replaceFirst("[0-9a-f]{64}", "0".repeat(64)))
                .header("Content-Type", Call.FORM)
                .header("Content-Length", "1000")
                .header("X-Forwarded-For", "138.201.1.1")
                .header("X-Forwarded-Proto", "https")
                .rawBody("id=1");

        try (Socket socket = dangling.open(application().port(), false);
                BufferedReader answer = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            assertThat(answer.readLine()).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    default void callbackWhenTheMacDoesNotMatchThen403() {
        String issued = application().issue();
        char last = issued.charAt(issued.length() - 1);
        String forged = issued.substring(0, issued.length() - 1) + (last == '0' ? '1' : '0');

        assertRefused(application().get(genuine(forged)), 403, "invalid signature");
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenItIsTooOldThen403() {
        String issued = application().issuedBefore(Duration.ofSeconds(601));

        assertRefused(application().get(genuine(issued)), 403, "expired");
        assertThat(application().arrivals(reference(issued))).isEmpty();
    }

    @Test
    default void callbackWhenNobodyExpectsItThen403() {
        String issued = application().issue();
        application().abandon(reference(issued));

        assertRefused(application().get(genuine(issued)), 403, "unknown task");
        assertThat(application().arrivals(reference(issued))).isEmpty();
    }

    @Test
    default void callbackWhenTheReferenceIsBoundToAnotherTaskThen403() {
        String issued = application().issue();
        application().bind(reference(issued), "another-task");

        assertRefused(application().get(genuine(issued)), 403, "unknown task");
        assertThat(application().arrivals(reference(issued))).isEmpty();
    }

    @Test
    default void callbackWhenItWasClaimedThen409() {
        String issued = application().issue();
        application().assertAccepts(issued);
        application().awaitClaims(issued, "Accepted", "Settled");

        assertRefused(application().get(genuine(issued)), 409, "already processed");
        assertThat(application().arrivals(reference(issued))).hasSize(1);
    }

    @Test
    default void callbackWhenItComesEightyTimesAtOnceThenOneGetsThrough() throws Exception {
        String issued = application().issue();

        List<Integer> statuses =
                Race.run(80, () -> application().get(genuine(issued)).status());

        assertThat(statuses).containsOnly(200, 409);
        assertThat(Collections.frequency(statuses, 200)).isEqualTo(1);
        assertThat(application().arrivals(reference(issued))).hasSize(1);
    }

    @Test
    default void callbackWhenTheApplicationAnswersThenItsAnswerIsProtectedToo() {
        Answer answer = application().get(genuine(application().issue()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(CODE);
        assertProtected(answer);
    }

    @Test
    default void callbackWhenTheApplicationSendsAnErrorThenItsAnswerIsProtectedToo() {
        Answer answer = application().get(application().issue() + "&id=1&code=first:send-error:422");

        assertThat(answer.status()).isEqualTo(422);
        assertErrorPageProtected(answer);
    }

    // What the application has of a genuine callback.

    @Test
    default void getWhenGenuineThenTheApplicationHasTheCallback() {
        String issued = application().issue();

        assertThat(application().get(genuine(issued)).body()).isEqualTo(CODE);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival(TASK_ID, CODE));
    }

    /** Nor does protection against CSRF stand in its way, where there is such. */
    @Test
    default void postWhenGenuineThenTheApplicationHasTheCallback() {
        String issued = application().issue();

        assertThat(application().send(Call.post(issued, FORM)).body()).isEqualTo(CODE);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival(TASK_ID, CODE));
    }

    @Test
    default void postWhenChunkedThenTheApplicationHasTheCallback() {
        String issued = application().issue();
        Call call = Call.of("POST", issued).header("Content-Type", Call.FORM);

        assertThat(application().send(call.chunkedBody(FORM, 7)).status()).isEqualTo(200);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival(TASK_ID, CODE));
    }

    /** The client ends its side, since Jetty 12.0 would otherwise keep this connection open behind its answer. */
    @Test
    default void postWhenTheClientWaitsForTheGoAheadThenTheApplicationHasTheCallback() {
        String issued = application().issue();
        Call call = Call.of("POST", issued).header("Content-Type", Call.FORM).header("Expect", "100-continue");

        assertThat(application().send(call.body(FORM).endingEarly()).status()).isEqualTo(200);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival(TASK_ID, CODE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded;charset=utf-8",
                "application/x-www-form-urlencoded; charset=\"UTF-8\"",
                "Application/X-WWW-Form-Urlencoded",
            })
    default void postWhenTheTypeIsSpeltInAnotherWayThenTheApplicationHasTheCallback(String type) {
        Call call = Call.of("POST", application().issue()).header("Content-Type", type);

        assertThat(application().send(call.body(FORM)).body()).isEqualTo(CODE);
    }

    @Test
    default void postWhenTheParametersStandInTheQueryThenTheApplicationHasTheCallback() {
        Call call = Call.of("POST", genuine(application().issue())).body("");

        assertThat(application().send(call).body()).isEqualTo(CODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {6_000, 8_192})
    default void getWhenTheCodeIsLongThenTheApplicationHasAllOfIt(int length) {
        String issued = application().issue();
        String code = "x".repeat(length - 1) + "y";

        Answer answer = application().get(issued + "&id=1&code=" + code);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(code);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival("1", code));
    }

    @ParameterizedTest
    @ValueSource(ints = {6_000, 8_192, 16_384})
    default void postWhenTheCodeIsLongThenTheApplicationHasAllOfIt(int length) {
        String code = "+".repeat(length - 1) + "y";

        Answer answer = application().send(Call.post(application().issue(), "id=1&code=" + code.replace("+", "%2B")));

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
        String byGet = application().issue();
        String byPost = application().issue();

        assertThat(application().get(byGet + "&id=1&code=" + sent).body()).isEqualTo(meant);
        assertThat(application().send(Call.post(byPost, "id=1&code=" + sent)).body())
                .isEqualTo(meant);
        assertThat(application().arrivals(reference(byGet))).containsExactly(new Arrival("1", meant));
        assertThat(application().arrivals(reference(byPost))).containsExactly(new Arrival("1", meant));
    }

    /** What no URL may hold some containers refuse before any filter runs, and some let pass. */
    @ParameterizedTest
    @ValueSource(strings = {"{1}", "a|b", "\"a\"", "a^b", "<a>", "a\\b", "`a`", "[1]", "a'b", "a;b", "a/b?c", "a:b@c"})
    default void codeWhenItStandsThereUnencodedThenTheApplicationHasAllOfItOrItMayComeAgain(String code) {
        String issued = application().issue();

        Answer answer = application().get(issued + "&id=1&code=" + code);

        if (answer.status() == 200) {
            assertThat(answer.body()).isEqualTo(code);
        } else {
            assertThat(answer.status()).isEqualTo(400);
            application().assertLeftNothing(issued);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{1}", "a|b", "\"a\"", "<a>", "[1]", "a;b", "a/b?c=d", "{\"a\":[\"b\"]}"})
    default void codeWhenItStandsUnencodedInAFormThenTheApplicationHasAllOfIt(String code) {
        assertThat(application()
                        .send(Call.post(application().issue(), "id=1&code=" + code))
                        .body())
                .isEqualTo(code);
    }

    // What is not in form is refused, and costs the genuine callback nothing.

    /** Asserts that a call is answered with 400, reaches nobody, and leaves the genuine callback to come. */
    private void assertMalformed(String issued, Call call) {
        assertThat(application().send(call).status()).as(call.toString()).isEqualTo(400);
        application().assertLeftNothing(issued);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&id=1",
                "&code=2",
                "&id=&code=2",
                "&id=1&code=",
                "&id&code",
                "&id=1&id=1&code=2",
                "&id=1&code=2&code=2",
                "&id=1&code=2&code=3",
                "&id=1&id[]=1&code=2",
                "&id[]=1&code=2",
                "&id=1&code[0]=2",
                "&id=1&code=2&code%5B%5D=3",
                "&id=1&code=2&c%6fde=3",
                "&id=1&code=2&token=x",
                "&id=1&code=2&token[]=x",
                "&id=a%20b&code=2",
                "&id=%0a1&code=2",
                "&id=1&code=%zz",
                "&id=1&code=%2",
                "&id=1&code=%",
                "&id=1&code=%ff",
                "&id=%E0%80&code=2",
                "&id=1&code=2&%zz=3",
                "&ID=1&CODE=2",
            })
    default void getWhenAParameterIsMissingTwiceOrOutOfShapeThen400(String parameters) {
        String issued = application().issue();

        assertMalformed(issued, Call.get(issued + parameters));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id=1",
                "id=1&id=2&code=3",
                "id=1&code=2&code[]=3",
                "id=1&code=%zz",
                "id=1&code=%ff",
                "id=1&code=%",
                "id=1&code=2&token=x",
                "{\"id\":\"1\",\"code\":\"2\"}",
                "\u0000\u0001\u0002",
            })
    default void postWhenAParameterIsMissingTwiceOrOutOfShapeThen400(String form) {
        String issued = application().issue();

        assertMalformed(issued, Call.post(issued, form));
    }

    @Test
    default void postWhenAParameterStandsInQueryAndBodyThen400() {
        String issued = application().issue();

        assertMalformed(issued, Call.post(issued + "&id=1", "id=1&code=2"));
    }

    @Test
    default void postWhenTheTokenStandsInTheBodyThen400() {
        String issued = application().issue();
        String token = issued.substring(issued.indexOf('?') + 1);

        assertMalformed(issued, Call.post(PATH, token + "&id=1&code=2"));
    }

    @Test
    default void getWhenItHasABodyThatRepeatsAParameterThen400() {
        String issued = application().issue();

        assertMalformed(
                issued,
                Call.get(genuine(issued)).header("Content-Type", Call.FORM).body("code=other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded;",
                "application/x-www-form-urlencoded; charset=UTF-8;",
                "application/x-www-form-urlencoded; charset=ISO-8859-1",
                "application/x-www-form-urlencoded; charset=windows-1252",
                "application/x-www-form-urlencoded; charset=utf-16",
            })
    default void postWhenAFormIsAllAsciiThenItIsAcceptedWhateverItsCharset(String type) {
        String issued = application().issue();

        Answer answer = application()
                .send(Call.of("POST", issued).header("Content-Type", type).body(FORM));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(application().arrivals(reference(issued))).containsExactly(new Arrival(TASK_ID, CODE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=utf-16; charset=utf-8",
                "application/x-www-form-urlencoded, text/plain",
                "application/x-www-form-urlencodedx",
            })
    default void postWhenTheTypeIsNoFormThen400(String type) {
        String issued = application().issue();

        assertMalformed(
                issued, Call.of("POST", issued).header("Content-Type", type).body(FORM));
    }

    @Test
    default void postWhenItHasNoTypeThen400() {
        String issued = application().issue();

        assertMalformed(issued, Call.of("POST", issued).body(FORM));
    }

    @Test
    default void postWhenTheBodyIsTooLongThen400() {
        String issued = application().issue();

        assertMalformed(issued, Call.post(issued, FORM + "&x=" + "x".repeat(100_000)));
    }

    @Test
    default void postWhenAChunkedBodyIsTooLongThen400() {
        String issued = application().issue();
        Call call = Call.of("POST", issued).header("Content-Type", Call.FORM);

        assertMalformed(issued, call.chunkedBody(FORM + "&x=" + "x".repeat(100_000), 1_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nid=1&code=2\r\n0\r\n\r\n",
                "-1\r\nid=1&code=2\r\n0\r\n\r\n",
                "b\r\nid=1&code=2XX0\r\n\r\n",
                "fffffffffffffffff\r\nid=1&code=2\r\n0\r\n\r\n",
                "b\r\nid=1&code=2\r\n",
            })
    default void postWhenTheChunksAreBrokenThenItIsRefusedAndNothingIsClaimed(String chunks) {
        String issued = application().issue();
        Call call = Call.of("POST", issued)
                .header("Content-Type", Call.FORM)
                .header("Transfer-Encoding", "chunked")
                .rawBody(chunks);

        assertThat(application().send(call.endingEarly()).status()).isIn(0, 400);
        application().assertLeftNothing(issued);
    }

    @Test
    default void postWhenTheClientHangsUpBeforeTheEndThenItIsRefusedAndNothingIsClaimed() {
        String issued = application().issue();
        Call call = Call.of("POST", issued)
                .header("Content-Type", Call.FORM)
                .header("Content-Length", "1000")
                .rawBody(FORM);

        assertThat(application().send(call.endingEarly()).status()).isIn(0, 400);
        application().assertLeftNothing(issued);
    }

    /** Spring Security's firewall refuses methods that are not HTTP's own before any filter sees them. */
    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "PROPFIND", "BREW", "get"})
    default void callbackWhenTheMethodIsUnusualThenItIsRefusedAndNothingIsClaimed(String method) {
        String issued = application().issue();

        assertThat(application().send(Call.of(method, genuine(issued))).status())
                .isIn(400, 405);
        application().assertLeftNothing(issued);
    }

    @Test
    default void putWhenItHasAFormThenItIsRefusedAndNothingIsClaimed() {
        String issued = application().issue();
        Call call = Call.of("PUT", issued).header("Content-Type", Call.FORM).body(FORM);

        assertThat(application().send(call).status()).isEqualTo(405);
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenAHeaderWouldChangeTheMethodThenItCountsForNothing() {
        String issued = application().issue();

        assertThat(application()
                        .send(Call.of("HEAD", genuine(issued))
                                .header("X-HTTP-Method-Override", "GET")
                                .header("X-Method-Override", "GET"))
                        .status())
                .isEqualTo(405);
        application().assertLeftNothing(issued);
    }

    @Test
    default void bodyWhenNobodyHasReadItThenItIsNotTakenForTheNextRequest() {
        String smuggled = application().issue();
        String request = "GET " + genuine(smuggled) + " HTTP/1.1\r\nHost: callbacks.example\r\n"
                + "X-Forwarded-For: 138.201.1.1\r\nX-Forwarded-Proto: https\r\n\r\n";
        Call call = new Call(
                "PUT " + PATH + " HTTP/1.1\r\nHost: callbacks.example\r\nContent-Length: " + request.length() + "\r\n",
                request,
                1,
                true);

        assertThat(application().send(call).status()).isEqualTo(405);
        application().assertLeftNothing(smuggled);
    }

    // No spelling of the path leads around the guard.

    /** What is not the guard's path in its eyes may be refused by the application's own rules for strangers: that is the 401. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/captcha/callback;jsessionid=1234",
                "/captcha/callback;x=%2F",
                "/captcha/callback;%2Fx",
                "/captcha/callback;x=a%2Fb",
                "/captcha;%2Fx/callback",
                "/captcha/callback;%5Cx",
                "/captcha;x=1/callback",
                "/captcha/callback;",
                "/;/captcha/callback",
                "/captcha/%63allback",
                "/captcha/c%61llback",
                "/captcha/%2563allback",
                "/captcha/./callback",
                "/captcha/%2e/callback",
                "/captcha/x/../callback",
                "/captcha/x/%2e%2e/callback",
                "/captcha/x/..;/callback",
                "/captcha%2Fcallback",
                "/captcha%2fcallback",
                "/captcha%252Fcallback",
                "/captcha//callback",
                "//captcha/callback",
                "/captcha/callback/",
                "/captcha/callback//",
                "/captcha/callback/.",
                "/captcha/callback/%2e",
                "/captcha/callback/x/..",
                "/captcha\\callback",
                "/captcha%5Ccallback",
                "/CAPTCHA/CALLBACK",
                "/captcha/Callback",
                "/captcha/callback%20",
                "/captcha/callback%00",
                "/captcha/callback%zz",
                "captcha/callback",
            })
    default void callbackWhenItsPathIsSpeltInAnotherWayThenItReachesNobodyAndNothingIsClaimed(String path) {
        String issued = application().issue();

        Answer answer = application().forward(Call.get(genuine(issued.replace(PATH, path))));

        assertThat(answer.status()).isIn(400, 401, 404);
        application().assertLeftNothing(issued);
    }

    @Test
    default void callbackWhenTheTargetIsAWholeUrlThenItIsJudgedAsAny() {
        String issued = application().issue();

        assertThat(application()
                        .get("http://callbacks.example" + PATH + "?id=1&code=2")
                        .status())
                .isEqualTo(400);
        assertThat(application()
                        .get("http://callbacks.example" + genuine(issued))
                        .status())
                .isEqualTo(200);
        assertThat(application().arrivals(reference(issued))).hasSize(1);
    }

    // The application's answer ends the claim: below 500 it has the callback, and else the callback may come again.

    private Answer order(String issued, String order) {
        return application().get(issued + "&id=" + TASK_ID + "&code=first:" + order);
    }

    private void assertSettled(String issued) {
        application().awaitClaims(issued, "Accepted", "Settled");
        assertRefused(application().get(genuine(issued)), 409, "already processed");
        assertThat(application().arrivals(reference(issued))).hasSize(1);
    }

    private void assertReleased(String issued) {
        application().awaitClaims(issued, "Accepted", "Released");
        application().assertAccepts(issued);
        application().awaitClaims(issued, "Accepted", "Released", "Accepted", "Settled");
        assertRefused(application().get(genuine(issued)), 409, "already processed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer:200",
                "answer:202",
                "answer:204",
                "answer:400",
                "answer:409",
                "answer:422",
                "answer:499",
                "answer-later:200",
                "answer-later:409",
                "send-error:409",
            })
    default void applicationWhenItHasTakenTheCallbackOrDecidedThenTheClaimIsSettled(String order) {
        String issued = application().issue();

        assertThat(order(issued, order).status()).isEqualTo(status(order));
        assertSettled(issued);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer:302",
                "answer:401",
                "answer:403",
                "answer:404",
                "answer:405",
                "answer:408",
                "answer:413",
                "answer:425",
                "answer:429",
                "answer:500",
                "answer:503",
                "answer:599",
                "answer-later:404",
                "answer-later:503",
                "send-error:404",
                "send-error:500",
                "send-error:503",
            })
    default void applicationWhenItHasNotTakenTheCallbackThenTheRepeatGetsThrough(String order) {
        String issued = application().issue();

        assertThat(order(issued, order).status()).isEqualTo(status(order));
        assertReleased(issued);
    }

    private static int status(String order) {
        return Integer.parseInt(order.substring(order.indexOf(':') + 1));
    }

    @Test
    default void applicationWhenItThrowsThenTheRepeatGetsThrough() {
        String issued = application().issue();

        assertThat(order(issued, "throw:").status()).isEqualTo(500);
        assertReleased(issued);
    }

    @Test
    default void applicationWhenItThrowsAfterItHasBegunToAnswerThenTheRepeatGetsThrough() {
        String issued = application().issue();

        order(issued, "throw-while-answering:");

        assertReleased(issued);
    }

    @Test
    default void applicationWhenItNeverAnswersThenTheRepeatGetsThroughAtTheTimeout() {
        String issued = application().issue();

        assertThat(order(issued, "answer-never:").status()).isIn(500, 503);
        assertReleased(issued);
    }
}
