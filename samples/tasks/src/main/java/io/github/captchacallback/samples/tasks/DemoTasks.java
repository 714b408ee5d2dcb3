package io.github.captchacallback.samples.tasks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.SubmittedTask;
import io.github.captchacallback.TaskRefusedException;
import io.github.captchacallback.delivery.CallbackHandler;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import io.github.captchacallback.store.CallbackStoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Submits the tasks of a sample, and takes their callbacks: what an application of one's own would do. */
public final class DemoTasks implements CallbackHandler {

    private static final List<String> STEERING = List.of("deliver", "outcome", "delay", "method", "code");
    private static final int REMEMBERED_TASKS = 10_000;

    private final CaptchaCallbacks callbacks;
    private final CaptchaService service;
    private final Cache<String, DemoTask> tasks =
            Caffeine.newBuilder().maximumSize(REMEMBERED_TASKS).build();

    /** Makes an application without tasks. */
    public DemoTasks(CaptchaCallbacks callbacks, CaptchaService service) {
        this.callbacks = callbacks;
        this.service = service;
    }

    /**
     * Submits a task.
     *
     * @param form what was asked for; the parameters among it that steer the simulated service are handed on
     * @throws NotSubmittedException if it could not be submitted
     */
    public SubmittedDemoTask submit(Function<String, @Nullable String> form) {
        Map<String, String> steering = new LinkedHashMap<>();
        for (String name : STEERING) {
            String value = form.apply(name);
            if (value != null && !value.isBlank()) {
                steering.put(name, value);
            }
        }
        try {
            return signsReferences() ? submitWithReference(steering) : submitThenExpect(steering);
        } catch (TaskRefusedException e) {
            throw new NotSubmittedException(400, String.valueOf(e.getMessage()));
        } catch (CallbackStoreException e) {
            throw new NotSubmittedException(503, "unavailable");
        }
    }

    /**
     * The callback may come before the service's answer, so the task is saved before the service is called. It is forgotten only
     * if the service refuses it: after a timeout it may exist, and its callback may still come.
     */
    private SubmittedDemoTask submitWithReference(Map<String, String> steering) {
        SubmittedTask submitted = callbacks.submit(issued -> {
            tasks.put(issued.reference(), DemoTask.pending(issued.reference()));
            try {
                return service.submit(issued.url(), steering);
            } catch (TaskRefusedException e) {
                tasks.invalidate(issued.reference());
                throw e;
            }
        });
        String reference = submitted.callback().reference();
        DemoTask task = tasks.asMap()
                .merge(
                        reference,
                        DemoTask.pending(reference).withTaskId(submitted.taskId()),
                        (known, pending) -> known.withTaskId(submitted.taskId()));
        return new SubmittedDemoTask(
                reference, submitted.taskId(), submitted.callback().url(), task.state());
    }

    /** Where callbacks are known by their task id, a URL can only be made once the service has given one. */
    private SubmittedDemoTask submitThenExpect(Map<String, String> steering) {
        String taskId = service.submit(String.valueOf(callbacks.settings().publicUrl()), steering);
        IssuedCallback issued = callbacks.issueFor(taskId);
        DemoTask task = DemoTask.pending(issued.reference()).withTaskId(taskId);
        tasks.put(issued.reference(), task);
        return new SubmittedDemoTask(issued.reference(), taskId, issued.url(), task.state());
    }

    private boolean signsReferences() {
        SignatureSettings signature = callbacks.settings().signature();
        return signature.enabled() && signature.scheme() == Scheme.REFERENCE;
    }

    /** Returns a task by its reference. */
    public Optional<DemoTask> find(String reference) {
        return Optional.ofNullable(tasks.getIfPresent(reference));
    }

    @Override
    public void handle(Callback callback) {
        tasks.put(callback.reference(), DemoTask.ended(callback));
    }
}
