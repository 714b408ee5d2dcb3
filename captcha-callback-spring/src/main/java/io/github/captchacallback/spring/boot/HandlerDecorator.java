package io.github.captchacallback.spring.boot;

import io.github.captchacallback.delivery.CallbackHandler;

/** Puts something around the application's handler, such as an observation, whose library may not be there. */
interface HandlerDecorator {

    CallbackHandler decorate(CallbackHandler handler);
}
