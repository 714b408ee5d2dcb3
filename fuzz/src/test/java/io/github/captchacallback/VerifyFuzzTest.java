package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.captchacallback.http.CallbackAnswer;
import io.github.captchacallback.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Sends whole requests to five kinds of endpoints, each of which expects one callback, and compares every verdict with what
 * a plain reading of the protocol says.
 */
class VerifyFuzzTest {

    /**
     * Each line is one part of the request: the endpoint's kind and the token's age, the method, the scheme and the peer, the
     * path, the query behind a question mark, the type of the body, then headers up to an empty line, then the body. The
     * words {token} and {ts} stand for what was issued.
     */
    @FuzzTest(maxDuration = "10m")
    void onlyWhatWasIssuedIsAcceptedAndOnce(byte[] input) {
        RequestScript script = RequestScript.parse(input);
        FuzzEndpoint endpoint = FuzzEndpoint.of(script.kind(), script.age());
        check(endpoint, script.request(endpoint), script.age());
    }

    /** The first byte chooses the kind; the others change a genuine callback's path and query. */
    @FuzzTest(maxDuration = "10m")
    void aGenuineCallbackThatWasChangedIsNoOther(byte[] edits) {
        String kind = FuzzEndpoint.KINDS.get(edits.length == 0 ? 0 : (edits[0] & 0xff) % FuzzEndpoint.KINDS.size());
        FuzzEndpoint endpoint = FuzzEndpoint.of(kind, 60);
        String target = FuzzText.edit(endpoint.genuineTarget(), edits, 1);
        check(endpoint, TestRequest.get(target).remoteAddress("198.51.100.7"), 60);
    }

    private static void check(FuzzEndpoint endpoint, TestRequest request, long age) {
        String before = endpoint.stored();
        boolean covered = endpoint.callbacks().covers(request);
        Verdict verdict = endpoint.callbacks().verify(request);
        List<String> asked = endpoint.takeCalls();
        checkBody(request);
        if (verdict instanceof Verdict.Accepted accepted) {
            assertThat(covered).isTrue();
            assertThat(asked).containsExactly(endpoint.claim());
            endpoint.assertGenuine(request, accepted.callback());
            assertThat(!endpoint.hasAge() || (age >= -5 && age <= 300))
                    .as("age %d", age)
                    .isTrue();
            checkAccepted(endpoint, request, accepted);
        } else if (verdict instanceof Verdict.Refused refused) {
            checkRefused(endpoint, refused, asked);
            assertThat(endpoint.stored()).isEqualTo(before);
        } else {
            throw new AssertionError("duplicates are conflicts here: " + verdict);
        }
    }

    private static void checkBody(TestRequest request) {
        assertThat(request.bodyReads()).isLessThanOrEqualTo(1);
        assertThat(request.mostBytesAskedFor()).isLessThanOrEqualTo(3 * FuzzEndpoint.MAX_CODE_LENGTH + 8193);
    }

    private static void checkAccepted(FuzzEndpoint endpoint, TestRequest request, Verdict.Accepted accepted) {
        assertThat(accepted.callback().result()).isNotNull();
        // An id may have any text of its alphabet, the token's own among them.
        boolean shown = accepted.callback().taskId().contains(endpoint.mac());
        assertThat(accepted.toString().contains(endpoint.mac())).isEqualTo(shown);
        assertThat(endpoint.callbacks().verify(request))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        again -> assertThat(again.refusal()).isEqualTo(Refusal.IN_PROGRESS));
        assertThat(accepted.claim().settle()).isTrue();
        assertThat(accepted.claim().settle()).isFalse();
    }

    private static void checkRefused(FuzzEndpoint endpoint, Verdict.Refused refused, List<String> asked) {
        Refusal refusal = refused.refusal();
        CallbackAnswer answer = refused.answer();
        assertThat(answer.status()).isEqualTo(refusal.status()).isIn(405, 403, 400, 409, 503);
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + refusal.error() + "\"}");
        assertThat(answer.headers()).containsAllEntriesOf(CallbackAnswer.PROTECTIVE_HEADERS);
        assertThat(answer.headers().containsKey("Allow")).isEqualTo(refusal == Refusal.METHOD_NOT_ALLOWED);
        // Nothing expires here and the store is large: only a claim of another task id can fail.
        boolean claimed = refusal == Refusal.UNKNOWN_TASK;
        assertThat(asked).as("%s", refusal).isEqualTo(claimed ? List.of(endpoint.claim()) : List.of());
        assertThat(refusal).isNotIn(Refusal.IN_PROGRESS, Refusal.ALREADY_PROCESSED, Refusal.UNAVAILABLE);
        endpoint.assertEventsShowNothing();
    }

    /** Holds a request as the fuzzer writes it, the bytes of its body one a character. */
    private record RequestScript(String kind, long age, List<String> lines, String body) {

        private static final int HEADERS = 6;

        static RequestScript parse(byte[] input) {
            String text = new String(input, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\n\n");
            byte[] head = Arrays.copyOf(input, end < 0 ? input.length : end);
            String body = end < 0 ? "" : text.substring(end + 2);
            List<String> lines = FuzzText.lines(head);
            String[] kindAndAge = lines.get(0).split(" ", 2);
            boolean aged = kindAndAge.length == 2 && kindAndAge[1].matches("-?[0-9]{1,9}");
            return new RequestScript(kindAndAge[0], aged ? Long.parseLong(kindAndAge[1]) : 60, lines, body);
        }

        private String line(int index) {
            return index < lines.size() ? lines.get(index) : "";
        }

        TestRequest request(FuzzEndpoint endpoint) {
            String[] schemeAndPeer = line(2).split(" ", 2);
            String query = endpoint.fill(line(4));
            TestRequest request = TestRequest.of(line(1), "")
                    .secure(schemeAndPeer[0].equals("https"))
                    .remoteAddress(schemeAndPeer.length < 2 ? null : schemeAndPeer[1])
                    .path(endpoint.fill(line(3)))
                    .query(query.startsWith("?") ? query.substring(1) : null)
                    .contentType(line(5).isEmpty() ? null : line(5))
                    .body(endpoint.fill(body));
            for (int i = HEADERS; i < lines.size(); i++) {
                String[] header = line(i).split(": ", 2);
                request.header(header[0], header.length < 2 ? "" : header[1]);
            }
            return request;
        }
    }
}
