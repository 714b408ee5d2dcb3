package io.github.captchacallback.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.captchacallback.samples.tasks.TasksContract;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Says what becomes of the console's tasks, with other settings as well. */
class TasksTest extends TasksContract {

    TasksTest() {
        super(RunningDemo.shared());
    }

    @Test
    void postWhenTheTokenStandsInThePathThenGluedParametersAreNoHarm() throws Exception {
        try (RunningDemo path = RunningDemo.start("captcha.callback.signature.url-style=path")) {
            for (String deliver : List.of("glued", "normal", "first-param")) {
                JsonNode task = path.submit("deliver", deliver, "delay", "0");

                assertThat(task.get("callbackUrl").asText()).startsWith(path.publicUrl() + "/v1.test.");
                assertDelivered(path, task, 200);
                assertThat(path.ended(task.get("reference").asText())
                                .get("state")
                                .asText())
                        .isEqualTo("solved");
            }
            AttacksTest.assertAllRefused(path, "unknown task");
        }
    }

    @Test
    void postWhenTaskIdsAreSignedThenTheUrlIsMadeOnceTheServiceHasAnswered() {
        try (RunningDemo byTaskId = RunningDemo.start("captcha.callback.signature.scheme=task-id")) {
            JsonNode task = byTaskId.submit("deliver", "never");
            String url = task.get("callbackUrl").asText();
            String id = task.get("taskId").asText();

            assertThat(task.get("reference").asText()).isEqualTo(id);
            assertThat(url).matches("http://localhost:[0-9]+/captcha/callback\\?token=[0-9a-f]{64}&ts=[1-9][0-9]{9}");
            String target = byTaskId.callbackTarget(task) + "&id=" + id + "&code=x";
            assertThat(byTaskId.get(target.replaceFirst("&ts=[0-9]+", "")).statusCode())
                    .isEqualTo(400);
            assertThat(byTaskId.get(target).statusCode()).isEqualTo(200);
            assertThat(byTaskId.ended(id).get("state").asText()).isEqualTo("solved");
            AttacksTest.assertAllRefused(byTaskId, "invalid signature");
        }
    }
}
