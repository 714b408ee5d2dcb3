package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint of an application whose callback URLs carry the token as their last segment. */
@RestController
class TokenInPathEndpoint {

    @GetMapping(TestApplication.PATH + "/{token}")
    String callback(@AuthenticationPrincipal Callback callback) {
        return "task " + callback.taskId();
    }
}
