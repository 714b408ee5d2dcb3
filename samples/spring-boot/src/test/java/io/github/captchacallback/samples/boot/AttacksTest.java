package io.github.captchacallback.samples.boot;

import static io.github.captchacallback.samples.tasks.Demo.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.http.Refusal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Says how the console's attacks on its own endpoint end. */
class AttacksTest {

    private static final String OK = "200 OK";
    /** A repeat is refused in one of two ways, by whether the first callback was settled meanwhile. */
    private static final List<String> REPEATED =
            List.of(refused(Refusal.IN_PROGRESS), refused(Refusal.ALREADY_PROCESSED));

    private final RunningDemo demo = RunningDemo.shared();

    private static String refused(Refusal refusal) {
        return refusal.status() + " {\"error\":\"" + refusal.error() + "\"}";
    }

    /** Carries out an attack, and returns what was answered, in the order of the answers. */
    private static List<String> carryOut(RunningDemo demo, String attack) {
        HttpResponse<String> answer = demo.post("/demo/attacks/" + attack);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode report = json(answer);
        assertThat(report.fieldNames()).toIterable().containsExactly("attack", "answers");
        assertThat(report.get("attack").asText()).isEqualTo(attack);
        List<String> answers = new ArrayList<>();
        report.get("answers").forEach(each -> {
            assertThat(each.get("sent").asText()).isNotBlank();
            assertThat(each.has("check")).isEqualTo(each.get("status").asInt() != 200);
            answers.add(each.get("status").asInt() + " " + each.get("body").asText());
        });
        return answers;
    }

    static void assertAllRefused(RunningDemo demo, String wordForAForeignTask) {
        assertThat(carryOut(demo, "forged")).containsExactly(refused(Refusal.INVALID_SIGNATURE));
        List<String> replay = carryOut(demo, "replay");
        assertThat(replay).hasSize(2).startsWith(OK);
        assertThat(replay.get(1)).isIn(REPEATED);
        assertThat(carryOut(demo, "expired")).containsExactly(refused(Refusal.EXPIRED));
        assertThat(carryOut(demo, "foreign-task")).containsExactly("403 {\"error\":\"" + wordForAForeignTask + "\"}");
        assertThat(carryOut(demo, "spoofed-address")).containsExactly(refused(Refusal.SOURCE_NOT_ALLOWED));
        List<String> duplicates = carryOut(demo, "duplicates");
        assertThat(duplicates).hasSize(50).containsOnlyOnce(OK);
        assertThat(duplicates).filteredOn(REPEATED::contains).hasSize(49);
    }

    @Test
    void postThenEveryAttackIsRefused() {
        assertAllRefused(demo, "unknown task");
    }

    @Test
    void postThenTheReportNamesTheCheckInWords() {
        JsonNode answer = json(demo.post("/demo/attacks/forged")).get("answers").get(0);

        assertThat(answer.fieldNames()).toIterable().containsExactly("sent", "status", "body", "check");
        assertThat(answer.get("check").asText()).isEqualTo(Refusal.INVALID_SIGNATURE.reason());
    }

    @Test
    void postWhenTheAttackIsUnknownThenNotFound() {
        assertThat(demo.post("/demo/attacks/bribery").statusCode()).isEqualTo(404);
    }

    @Test
    void getThenNoAttackIsCarriedOut() {
        assertThat(demo.get("/demo/attacks/forged").statusCode()).isEqualTo(405);
    }
}
