package io.github.captchacallback.docs.war;

import io.github.captchacallback.Callback;
import java.util.concurrent.Callable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers later, with what it was given, and fails where that is an error of the service's. */
@RestController
class CaptchaEndpoint {

    @RequestMapping("/captcha/callback")
    Callable<String> callback(@AuthenticationPrincipal Callback callback) {
        return () -> {
            if (!callback.solved()) {
                throw new IllegalStateException("on purpose");
            }
            return callback.taskId() + " " + callback.solution();
        };
    }
}
