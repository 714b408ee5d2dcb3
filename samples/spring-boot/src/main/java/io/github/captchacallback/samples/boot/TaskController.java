package io.github.captchacallback.samples.boot;

import io.github.captchacallback.store.CallbackStoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shows the console's tasks over HTTP. */
@RestController
@RequestMapping("/demo/tasks")
class TaskController {

    private static final List<String> STEERING = List.of("deliver", "outcome", "delay", "method", "code");

    private final DemoTasks tasks;

    TaskController(DemoTasks tasks) {
        this.tasks = tasks;
    }

    /** A submitted task, as the API shows it. */
    record SubmittedTask(String reference, String taskId, String callbackUrl, String state) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    SubmittedTask submit(@RequestParam Map<String, String> form) {
        Map<String, String> steering = new LinkedHashMap<>();
        for (String name : STEERING) {
            String value = form.getOrDefault(name, "");
            if (!value.isBlank()) {
                steering.put(name, value);
            }
        }
        DemoTasks.Submitted submitted = tasks.submit(steering);
        DemoTask task = submitted.task();
        return new SubmittedTask(
                task.reference(), String.valueOf(task.taskId()), submitted.callbackUrl(), task.state());
    }

    @GetMapping("/{reference}")
    ResponseEntity<DemoTask> find(@PathVariable String reference) {
        return ResponseEntity.of(tasks.find(reference));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> rejected(CaptchaService.RejectedException rejection) {
        return Map.of("error", String.valueOf(rejection.getMessage()));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    Map<String, String> storeFailed(CallbackStoreException failure) {
        return Map.of("error", "unavailable");
    }
}
