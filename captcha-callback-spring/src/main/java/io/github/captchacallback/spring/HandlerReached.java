package io.github.captchacallback.spring;

import jakarta.servlet.ServletRequest;

/**
 * Marks a request that has come as far as a handler of Spring MVC. It uses no type of Spring MVC, which is optional: a filter chain
 * asks for the mark in every application.
 */
final class HandlerReached {

    private static final String ATTRIBUTE = HandlerReached.class.getName();

    private HandlerReached() {}

    static void mark(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    static boolean isMarked(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }
}
