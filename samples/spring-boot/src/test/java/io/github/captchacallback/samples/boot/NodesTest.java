package io.github.captchacallback.samples.boot;

import static io.github.captchacallback.samples.tasks.Demo.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Tests how a second node is started, and how the nodes can be told apart. */
class NodesTest {

    private final RunningDemo first = RunningDemo.shared();

    @Test
    void mainWhenTheSimulatorIsOffThenAnotherNodesSimulatorSolvesTheTasks() {
        try (RunningDemo second = RunningDemo.start(
                "demo.simulator.enabled=false",
                "demo.service-url=" + first.simulator().baseUri())) {
            HttpResponse<String> submitted = second.post("/demo/tasks", "deliver", "early", "code", "by-the-first");

            assertThat(submitted.statusCode()).isEqualTo(201);
            assertThat(json(submitted).path("state").asText()).isEqualTo("solved");
        }
    }

    @Test
    void mainWhenTheSimulatorIsOffAndNoServiceIsNamedThenStopsAndSaysWhatToSet() {
        assertThatThrownBy(() -> RunningDemo.start("demo.simulator.enabled=false"))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Set it to the simulator of another node");
    }

    @Test
    void getThenTheNodeSaysItsPortItsProcessAndItsStore() {
        JsonNode node = json(first.get("/demo/node"));

        assertThat(node.path("port").asInt()).isEqualTo(first.port());
        assertThat(node.path("process").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(node.path("store").asText()).isEqualTo("caffeine");
    }
}
