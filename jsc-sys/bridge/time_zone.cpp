// libc's time zone for ICU.
//
// ICU's archives are linked into the bridge, and one of their files reads two variables of libc in a way that only a
// program can: `tzname` and `__timezone`, after `tzset`. `ld --wrap` gives it these copies instead.

#include <time.h>

extern "C" {

extern char* __real_tzname[2];
extern long __real___timezone;
void __real_tzset();

char* __wrap_tzname[2];
long __wrap___timezone;

void __wrap_tzset();
void __wrap_tzset()
{
    __real_tzset();
    __wrap_tzname[0] = __real_tzname[0];
    __wrap_tzname[1] = __real_tzname[1];
    __wrap___timezone = __real___timezone;
}

} // extern "C"
