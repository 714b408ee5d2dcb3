package io.github.captchacallback.samples.boot;

import io.github.captchacallback.samples.tasks.DemoTask;
import io.github.captchacallback.samples.tasks.DemoTasks;
import io.github.captchacallback.samples.tasks.NotSubmittedException;
import io.github.captchacallback.samples.tasks.SubmittedDemoTask;
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

    private final DemoTasks tasks;

    TaskController(DemoTasks tasks) {
        this.tasks = tasks;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    SubmittedDemoTask submit(@RequestParam Map<String, String> form) {
        return tasks.submit(form::get);
    }

    @GetMapping("/{reference}")
    ResponseEntity<DemoTask> find(@PathVariable String reference) {
        return ResponseEntity.of(tasks.find(reference));
    }

    @ExceptionHandler
    ResponseEntity<NotSubmittedException.Answer> notSubmitted(NotSubmittedException failure) {
        return ResponseEntity.status(failure.status()).body(failure.answer());
    }
}
