//! One screen of a room: how large, how far, which panel it is, what it shows.

use smol_str::SmolStr;
use vigie_model::ScreenName;

use crate::{Area, Fraction, Grid, PixelRect, Spacing};

/// One `[[screen]]` of a room file.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenSpec {
    /// Its name, unique in the room.
    pub name: ScreenName,
    /// What the screen is for, in one sentence; may be empty.
    pub purpose: String,
    /// The lit area, as it hangs.
    pub size_mm: SizeMm,
    /// From the nearest regular seat to the screen.
    pub distance_mm: u32,
    /// Pixels of the panel as it hangs, where no real screen says otherwise.
    pub resolution_px: (u32, u32),
    /// Whether the panel hangs on its side.
    pub portrait: bool,
    /// What tells its panel from the others.
    pub identity: Identity,
    /// Which screens stay when there are fewer panels: the higher numbers. 0 to 100.
    pub priority: u8,
    /// The room between cells and around them.
    pub gap: Gap,
    /// How the screen is divided.
    pub grid: Grid,
    /// What stands in each area of `grid`, in the same order.
    pub cells: Vec<CellSpec>,
}

impl ScreenSpec {
    /// The priority of a screen that names none.
    pub const DEFAULT_PRIORITY: u8 = 50;
    /// The number of pixels of a panel that names none.
    pub const DEFAULT_RESOLUTION_PX: (u32, u32) = (1920, 1080);

    /// The place of `cell` as a part of the whole screen, gaps left out.
    #[must_use]
    pub fn fraction(&self, cell: &CellSpec) -> Fraction {
        self.grid.fraction(&cell.area)
    }

    /// The pixels of each cell, in the order of `cells`, on a surface of `size_px`.
    ///
    /// Neighbours are exactly one gap apart, whatever the size; nothing overlaps.
    #[must_use]
    pub fn cell_rects_px(&self, size_px: (u32, u32)) -> Vec<PixelRect> {
        let spacing = self.gap.spacing(size_px);
        self.cells.iter().map(|cell| self.grid.pixel_rect(&cell.area, size_px, spacing)).collect()
    }
}

/// One widget in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct CellSpec {
    /// The word that names the cell in the grid.
    pub name: SmolStr,
    /// Which widget it is, one of `vigie_widgets::WIDGETS`.
    pub widget: SmolStr,
    /// The widget's own options; the widget has checked them.
    pub options: toml::Table,
    /// Where it stands in the grid.
    pub area: Area,
}

/// The lit area of a screen in millimeters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeMm {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl SizeMm {
    /// A 16:9 panel with this diagonal.
    #[must_use]
    pub fn from_diagonal_mm(diagonal_mm: f32) -> Self {
        let unit = diagonal_mm / 16_f32.hypot(9.0);
        Self { width: 16.0 * unit, height: 9.0 * unit }
    }

    /// The same panel on its side.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

/// What tells one panel from the others, from the strongest to the weakest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// What the panel says of itself; fields that are empty say nothing.
    pub edid: Option<crate::Edid>,
    /// The socket that the panel is plugged into.
    pub connector: Option<SmolStr>,
    /// Where it hangs.
    pub place: Option<Place>,
}

impl Identity {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.edid.is_none() && self.connector.is_none() && self.place.is_none()
    }
}

/// Where a screen hangs, as counted by a person in front of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// From the top, 1 for the first.
    pub row: u8,
    /// From the left within the row, 1 for the first.
    pub column: u8,
}

/// How much room is left between cells and around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gap {
    /// None at all: cells touch.
    None,
    /// A hairline of ground.
    Thin,
    /// What the built-in rooms use.
    #[default]
    Normal,
    /// For few, large cells.
    Wide,
}

impl Gap {
    /// Every gap with its word in a room file.
    pub const ALL: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("thin", Self::Thin),
        ("normal", Self::Normal),
        ("wide", Self::Wide),
    ];

    /// The same share of the shorter side on every screen: 4, 12 and 24 pixels of 1080.
    #[must_use]
    pub fn spacing(self, size_px: (u32, u32)) -> Spacing {
        let parts = match self {
            Self::None => 0,
            Self::Thin => 4,
            Self::Normal => 12,
            Self::Wide => 24,
        };
        let short_side = u64::from(size_px.0.min(size_px.1));
        let px = u32::try_from((short_side * parts + 540) / 1080).unwrap_or(0);
        Spacing { margin_px: px, gap_px: px }
    }
}
