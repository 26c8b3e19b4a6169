//! X11 and Wayland. The only place with Linux's own interfaces and with `unsafe`.

use std::{
    ffi::{CString, c_int, c_void},
    fs::File,
    io::Read as _,
    path::Path,
    ptr::NonNull,
    sync::{Arc, OnceLock},
};

use libloading::Library;
use raw_window_handle::{
    DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawDisplayHandle,
    RawWindowHandle, WindowHandle, XcbDisplayHandle, XcbWindowHandle,
};
use vigie_layout::ScreenFacts;
use winit::{
    event_loop::EventLoop,
    monitor::MonitorHandle,
    platform::{
        wayland::{EventLoopExtWayland as _, WindowAttributesExtWayland},
        x11::WindowAttributesExtX11,
    },
    window::{Window, WindowAttributes},
};
use x11rb::{
    connection::Connection as _,
    errors::ReplyError,
    protocol::{
        dpms::ConnectionExt as _,
        randr::ConnectionExt as _,
        xproto::{
            AtomEnum, Blanking as Prefer, ConnectionExt as _, Exposures, GetScreenSaverReply,
        },
    },
    xcb_ffi::XCBConnection,
};

use crate::wall::{
    edid::{self, Panel},
    handle::Ring,
};

/// What compositors and window managers know our windows by.
const APP_ID: &str = "vigie";

/// Bytes of an EDID that are read: its first block is 128, and the rest is not used.
const MAX_EDID_BYTES: u32 = 512;

/// The window system: X11 with a connection of our own, or Wayland.
pub(crate) struct Display {
    x11: Option<Arc<X11>>,
    is_wayland: bool,
}

/// A connection to the X server beside winit's.
///
/// Mesa presents through the connection that it is given. On winit's, each reply to a worker would wake
/// winit's poll, tens of thousands of times a second.
struct X11 {
    connection: XCBConnection,
    screen_idx: usize,
}

impl Display {
    pub(crate) fn open(event_loop: &EventLoop<Ring>) -> Self {
        let is_wayland = event_loop.is_wayland();
        if is_wayland {
            return Self { x11: None, is_wayland };
        }
        teach_randr(event_loop);
        let x11 = match connect() {
            Ok((connection, screen_idx)) => Some(Arc::new(X11 { connection, screen_idx })),
            Err(err) => {
                tracing::warn!(%err, "no second connection to the X server; drawing on winit's");
                None
            }
        };
        Self { x11, is_wayland }
    }

    /// The display that wgpu's instance and all surfaces are made on.
    pub(crate) fn wgpu_handle(
        &self,
        event_loop: &EventLoop<Ring>,
    ) -> Box<dyn wgpu::wgt::WgpuHasDisplayHandle> {
        match &self.x11 {
            Some(x11) => Box::new(X11Display(x11.clone())),
            None => Box::new(event_loop.owned_display_handle()),
        }
    }

    /// Whether windows can be hidden when another screen goes, with nothing that tells which.
    ///
    /// sway moves the workspace of a screen that goes onto another screen, in front of what is there, and leaves it there
    /// when its window is closed.
    pub(crate) fn hides_without_a_word(&self) -> bool {
        self.is_wayland
    }

    /// Pixels of the desktop for one unit of winit's positions.
    ///
    /// winit multiplies the position of a Wayland output by that output's own scale, which orders no screens.
    pub(crate) fn position_scale(&self, scale: f64) -> f64 {
        if self.is_wayland { scale } else { 1.0 }
    }

    /// What a surface is made on. It keeps the window alive.
    pub(crate) fn surface_target(&self, window: Arc<Window>) -> wgpu::SurfaceTarget<'static> {
        match &self.x11 {
            Some(x11) => {
                wgpu::SurfaceTarget::Window(Box::new(X11Window { window, _x11: x11.clone() }))
            }
            None => wgpu::SurfaceTarget::Window(Box::new(window)),
        }
    }

    /// Whether a frame may be drawn only after the compositor has shown the one before.
    pub(crate) fn waits_for_callback(&self) -> bool {
        self.is_wayland
    }

    pub(crate) fn named(&self, attributes: WindowAttributes) -> WindowAttributes {
        if self.is_wayland {
            WindowAttributesExtWayland::with_name(attributes, APP_ID, APP_ID)
        } else {
            WindowAttributesExtX11::with_name(attributes, APP_ID, APP_ID)
        }
    }

    /// What the panel on this connector says of itself.
    pub(crate) fn panel(&self, connector: &str) -> Option<Panel> {
        let Some(x11) = &self.x11 else { return sysfs_panel(connector) };
        x11.panel(connector).unwrap_or_else(|err| {
            tracing::debug!(connector, %err, "the X server does not tell which panel this is");
            None
        })
    }

    /// Whether the window covers its monitor, as far as the window system tells.
    pub(crate) fn is_in_place(
        &self,
        window: &Window,
        monitor: &MonitorHandle,
        facts: &ScreenFacts,
    ) -> bool {
        let size = window.inner_size();
        let (width, height) = facts.size_px;
        // winit does not turn the size of a rotated Wayland output.
        let has_size = [(width, height), (height, width)].contains(&(size.width, size.height));
        if self.is_wayland {
            // There are no positions; the output is the one that was entered last.
            let is_elsewhere = window.current_monitor().is_some_and(|current| current != *monitor);
            return has_size && window.fullscreen().is_some() && !is_elsewhere;
        }
        let position = window.outer_position().map(|position| (position.x, position.y));
        has_size && position.is_ok_and(|position| position == facts.position_px)
    }

    /// Turns off the X server's screen saver and power management until the value is dropped.
    pub(crate) fn stop_blanking(&self) -> Option<Blanking> {
        let x11 = self.x11.clone()?;
        match x11.stop_blanking() {
            Ok((saver, had_dpms)) => Some(Blanking { x11, saver, had_dpms }),
            Err(err) => {
                tracing::info!(%err, "the X server cannot be told to keep the screens lit");
                None
            }
        }
    }
}

/// The X server's screen saver is off; dropped, it is as it was.
pub(crate) struct Blanking {
    x11: Arc<X11>,
    saver: GetScreenSaverReply,
    had_dpms: bool,
}

impl Drop for Blanking {
    fn drop(&mut self) {
        // A server that is gone has no screen saver to put back.
        self.x11.restore_blanking(&self.saver, self.had_dpms).ok();
    }
}

impl X11 {
    fn panel(&self, connector: &str) -> Result<Option<Panel>, ReplyError> {
        let connection = &self.connection;
        let Some(screen) = connection.setup().roots.get(self.screen_idx) else { return Ok(None) };
        let resources = connection.randr_get_screen_resources_current(screen.root)?.reply()?;
        let edid_atom = connection.intern_atom(true, b"EDID")?.reply()?.atom;
        for output in resources.outputs {
            let output_now =
                connection.randr_get_output_info(output, resources.config_timestamp)?.reply()?;
            if output_now.name != connector.as_bytes() {
                continue;
            }
            let told_mm = edid::plausible(output_now.mm_width, output_now.mm_height);
            let mut panel = Panel::default();
            if edid_atom != u32::from(AtomEnum::NONE) {
                let length = MAX_EDID_BYTES / 4;
                let any = AtomEnum::ANY;
                let property = connection
                    .randr_get_output_property(output, edid_atom, any, 0, length, false, false)?
                    .reply()?;
                panel = edid::parse(&property.data).unwrap_or_default();
            }
            panel.size_mm = told_mm.or(panel.size_mm);
            return Ok(Some(panel));
        }
        Ok(None)
    }

    fn stop_blanking(&self) -> Result<(GetScreenSaverReply, bool), ReplyError> {
        let connection = &self.connection;
        let saver = connection.get_screen_saver()?.reply()?;
        connection.set_screen_saver(0, 0, Prefer::NOT_PREFERRED, Exposures::DEFAULT)?.check()?;
        // A server without DPMS answers with an error: then there is nothing to turn off.
        let had_dpms = connection.dpms_info()?.reply().is_ok_and(|dpms| dpms.state);
        if had_dpms {
            connection.dpms_disable()?.check()?;
        }
        Ok((saver, had_dpms))
    }

    fn restore_blanking(
        &self,
        saver: &GetScreenSaverReply,
        had_dpms: bool,
    ) -> Result<(), ReplyError> {
        let signed = |secs: u16| i16::try_from(secs).unwrap_or(i16::MAX);
        let (timeout, interval) = (signed(saver.timeout), signed(saver.interval));
        self.connection
            .set_screen_saver(timeout, interval, saver.prefer_blanking, saver.allow_exposures)?
            .check()?;
        if had_dpms {
            self.connection.dpms_enable()?.check()?;
        }
        Ok(())
    }
}

/// The kernel's own copy of the EDID, for compositors that do not pass it on.
fn sysfs_panel(connector: &str) -> Option<Panel> {
    if connector.is_empty() || connector.contains(['/', '.']) {
        return None;
    }
    let suffix = format!("-{connector}");
    // No such folder, or none that may be read: then nothing is known of the panel.
    let cards = Path::new("/sys/class/drm").read_dir().ok()?;
    let mut bytes = Vec::new();
    cards.flatten().filter(|card| card.file_name().to_string_lossy().ends_with(&suffix)).find_map(
        |card| {
            bytes.clear();
            let file = File::open(card.path().join("edid")).ok()?;
            file.take(MAX_EDID_BYTES.into()).read_to_end(&mut bytes).ok()?;
            edid::parse(&bytes)
        },
    )
}

/// `$DISPLAY`, as winit takes it.
fn connect() -> Result<(XCBConnection, usize), x11rb::errors::ConnectError> {
    let name =
        std::env::var_os("DISPLAY").and_then(|name| CString::new(name.into_encoded_bytes()).ok());
    XCBConnection::connect(name.as_deref())
}

/// Our own connection, as wgpu wants it.
struct X11Display(Arc<X11>);

impl std::fmt::Debug for X11Display {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("X11Display")
    }
}

impl HasDisplayHandle for X11Display {
    #[expect(unsafe_code, reason = "the handle of a connection that x11rb opened")]
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        let connection = NonNull::new(self.0.connection.get_raw_xcb_connection())
            .ok_or(HandleError::Unavailable)?;
        let screen = c_int::try_from(self.0.screen_idx).ok().ok_or(HandleError::Unavailable)?;
        let raw = RawDisplayHandle::Xcb(XcbDisplayHandle::new(Some(connection), screen));
        // SAFETY: the connection is open as long as `self.0` lives, which outlives the borrow of `self`.
        Ok(unsafe { DisplayHandle::borrow_raw(raw) })
    }
}

/// winit's window, seen through our own connection: window numbers are the server's.
struct X11Window {
    window: Arc<Window>,
    /// The connection must not close before the surface is gone.
    _x11: Arc<X11>,
}

impl HasWindowHandle for X11Window {
    #[expect(unsafe_code, reason = "the same window by its number")]
    fn window_handle(&self) -> Result<WindowHandle<'_>, HandleError> {
        let handle = self.window.window_handle()?;
        let raw = match handle.as_raw() {
            RawWindowHandle::Xlib(xlib) => {
                let number =
                    u32::try_from(xlib.window).ok().and_then(|number| number.try_into().ok());
                let mut xcb = XcbWindowHandle::new(number.ok_or(HandleError::Unavailable)?);
                xcb.visual_id =
                    u32::try_from(xlib.visual_id).ok().and_then(|number| number.try_into().ok());
                RawWindowHandle::Xcb(xcb)
            }
            other => other,
        };
        // SAFETY: the window exists as long as `self.window` lives, which outlives the borrow of `self`.
        Ok(unsafe { WindowHandle::borrow_raw(raw) })
    }
}

/// Makes Xlib pass RandR's events on to winit, which otherwise never hears of a monitor that comes or goes.
///
/// winit selects these events through xcb but reads through Xlib, and Xlib drops the events of an extension
/// that it was never told about.
#[expect(unsafe_code, reason = "Xlib's RandR is opened at run time, as winit opens Xlib itself")]
fn teach_randr(event_loop: &EventLoop<Ring>) {
    type QueryExtension = unsafe extern "C" fn(*mut c_void, *mut c_int, *mut c_int) -> c_int;
    /// Never closed: Xlib keeps pointers into it.
    static RANDR: OnceLock<Library> = OnceLock::new();

    let Ok(RawDisplayHandle::Xlib(xlib)) =
        event_loop.owned_display_handle().display_handle().map(|handle| handle.as_raw())
    else {
        return;
    };
    let Some(display) = xlib.display else { return };
    if RANDR.get().is_none() {
        // SAFETY: the library is Xlib's own companion; loading it runs no code that relies on anything of ours.
        match unsafe { Library::new("libXrandr.so.2") } {
            Ok(library) => {
                RANDR.get_or_init(|| library);
            }
            Err(err) => {
                tracing::warn!(%err, "libXrandr is missing: screens that are plugged in later are not noticed");
                return;
            }
        }
    }
    let Some(library) = RANDR.get() else { return };
    // SAFETY: this is the function's type in X11/extensions/Xrandr.h, with `Display *` as a plain pointer.
    let Ok(query) = (unsafe { library.get::<QueryExtension>(b"XRRQueryExtension\0") }) else {
        return;
    };
    let (mut event_base, mut error_base) = (0, 0);
    // SAFETY: the display is open while the event loop lives, and both numbers outlive the call.
    let is_known = unsafe { query(display.as_ptr(), &raw mut event_base, &raw mut error_base) };
    if is_known == 0 {
        tracing::warn!(
            "the X server has no RandR: screens that are plugged in later are not noticed"
        );
    }
}

/// Ends the process without running anything more of it: no destructors, no exit handlers.
#[expect(unsafe_code, reason = "std can only exit with handlers, or abort with a core dump")]
pub(crate) fn leave_at_once() -> ! {
    unsafe extern "C" {
        fn _exit(status: c_int) -> !;
    }
    // SAFETY: it takes any number and does not return.
    unsafe { _exit(1) }
}
