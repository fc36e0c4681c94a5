// SPDX-License-Identifier: GPL-3.0-only
// C11's threads by way of POSIX's, for builds with a sanitizer: Debian's librdkafka uses C11's,
// which the sanitizers of GCC 12 do not know. A thread that thrd_create() has made crashes in the
// first function that ThreadSanitizer has replaced, and a mutex locked by mtx_lock() orders nothing
// for it. Defined in a program, these are found before glibc's, whose types are the same as
// POSIX's.
#include <cerrno>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <threads.h>

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

namespace {

pthread_mutex_t *mutexOf(mtx_t *mutex)
{
    return reinterpret_cast<pthread_mutex_t *>(mutex);
}

pthread_cond_t *conditionOf(cnd_t *condition)
{
    return reinterpret_cast<pthread_cond_t *>(condition);
}

int resultOf(int error)
{
    return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error;
}

struct Start
{
    thrd_start_t function;
    void *argument;
};

void *run(void *data)
{
    const std::unique_ptr<Start> start(static_cast<Start *>(data));
    const int result = start->function(start->argument);
    return reinterpret_cast<void *>(static_cast<intptr_t>(result));
}

} // namespace

extern "C" {

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    auto start = std::make_unique<Start>(Start{ function, argument });
    const int error = pthread_create(thread, nullptr, run, start.get());
    if (error == 0)
        (void)start.release(); // the thread's
    return resultOf(error);
}

int thrd_join(thrd_t thread, int *result)
{
    void *value = nullptr;
    const int error = pthread_join(thread, &value);
    if (result)
        *result = static_cast<int>(reinterpret_cast<intptr_t>(value));
    return resultOf(error);
}

int thrd_detach(thrd_t thread)
{
    return resultOf(pthread_detach(thread));
}

int mtx_init(mtx_t *mutex, int type) noexcept
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    if ((type & mtx_recursive) != 0)
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    const int error = pthread_mutex_init(mutexOf(mutex), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return resultOf(error);
}

int mtx_lock(mtx_t *mutex)
{
    return resultOf(pthread_mutex_lock(mutexOf(mutex)));
}

int mtx_trylock(mtx_t *mutex) noexcept
{
    const int error = pthread_mutex_trylock(mutexOf(mutex));
    return error == EBUSY ? thrd_busy : resultOf(error);
}

int mtx_unlock(mtx_t *mutex) noexcept
{
    return resultOf(pthread_mutex_unlock(mutexOf(mutex)));
}

void mtx_destroy(mtx_t *mutex) noexcept
{
    pthread_mutex_destroy(mutexOf(mutex));
}

int cnd_init(cnd_t *condition) noexcept
{
    return resultOf(pthread_cond_init(conditionOf(condition), nullptr));
}

int cnd_signal(cnd_t *condition) noexcept
{
    return resultOf(pthread_cond_signal(conditionOf(condition)));
}

int cnd_broadcast(cnd_t *condition) noexcept
{
    return resultOf(pthread_cond_broadcast(conditionOf(condition)));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return resultOf(pthread_cond_wait(conditionOf(condition), mutexOf(mutex)));
}

int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const timespec *until)
{
    return resultOf(pthread_cond_timedwait(conditionOf(condition), mutexOf(mutex), until));
}

void cnd_destroy(cnd_t *condition) noexcept
{
    pthread_cond_destroy(conditionOf(condition));
}

} // extern "C"
