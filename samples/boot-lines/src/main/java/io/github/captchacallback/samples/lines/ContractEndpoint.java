package io.github.captchacallback.samples.lines;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lets the contract's tests do from outside what an application does within. No application has such a thing. */
@RestController
@RequestMapping(path = "/contract", produces = "text/plain")
class ContractEndpoint {

    private final CaptchaCallbacks callbacks;
    private final Seen seen;

    ContractEndpoint(CaptchaCallbacks callbacks, Seen seen) {
        this.callbacks = callbacks;
        this.seen = seen;
    }

    @GetMapping("/issue")
    String issue() {
        return callbacks.issue().url();
    }

    @GetMapping("/bind")
    void bind(@RequestParam("reference") String reference, @RequestParam("task") String task) {
        callbacks.bind(reference, task);
    }

    @GetMapping("/abandon")
    void abandon(@RequestParam("reference") String reference) {
        callbacks.abandon(reference);
    }

    /** Answers with what has reached the endpoint, one a line: the task id, a space, and the code in an encoding of URLs. */
    @GetMapping("/arrivals")
    String arrivals(@RequestParam("reference") String reference) {
        return seen.arrivals(reference).stream().map(ContractEndpoint::line).collect(Collectors.joining("\n"));
    }

    private static String line(Callback callback) {
        String answer = callback.error().orElseGet(callback::solution);
        return callback.taskId() + " " + URLEncoder.encode(answer, StandardCharsets.UTF_8);
    }

    /** Answers with what became of claims, one a line. */
    @GetMapping("/claims")
    String claims(@RequestParam("reference") String reference) {
        return String.join("\n", seen.claims(reference));
    }
}
