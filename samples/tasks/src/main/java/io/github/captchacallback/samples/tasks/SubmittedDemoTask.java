package io.github.captchacallback.samples.tasks;

/** Holds a task that was just submitted, as the samples' API shows it. */
public record SubmittedDemoTask(String reference, String taskId, String callbackUrl, String state) {}
