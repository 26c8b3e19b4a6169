//! What the compiler does not do by itself: the widest registers that the processor has, and memory fetched ahead.

/// Work that pays off in wide registers. All that it calls must be inlined, or it is the plain code after all.
pub(crate) trait Work {
    /// What comes out of it.
    type Answer;

    /// Does it. Every implementation is `#[inline(always)]`, so that it is compiled anew for each kind of registers.
    fn work(self) -> Self::Answer;
}

/// Does `work` with the registers that this processor has: the same answer, sooner.
#[cfg(target_arch = "x86_64")]
#[inline]
#[expect(unsafe_code, reason = "the same safe code, compiled for wider registers: thrice as fast")]
pub(crate) fn widest<W: Work>(work: W) -> W::Answer {
    use std::arch::is_x86_feature_detected as has;
    if !has!("avx2") || !has!("bmi2") {
        work.work()
    } else if has!("avx512bw") && has!("avx512vl") {
        // SAFETY: the function has no condition but the features, which were just detected.
        unsafe { with_avx512(work) }
    } else {
        // SAFETY: as above.
        unsafe { with_avx2(work) }
    }
}

/// Does `work`: other processors have one kind of registers.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(crate) fn widest<W: Work>(work: W) -> W::Answer {
    work.work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi2,avx512bw,avx512vl")]
fn with_avx512<W: Work>(work: W) -> W::Answer {
    work.work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi2")]
fn with_avx2<W: Work>(work: W) -> W::Answer {
    work.work()
}

/// Has the processor fetch what stands at `place`, which will be read soon. Changes nothing but the time that takes.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "the only way to fetch ahead")]
pub(crate) fn prefetch<T>(place: &T) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: fetching ahead never fails, and this is a reference besides.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast()) }
}

/// Other processors fetch when they read.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) const fn prefetch<T>(_place: &T) {}
