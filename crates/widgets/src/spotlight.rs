//! The post that a person has put on this screen, as large as it can be.

use egui::Ui;
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{FeedItem, Need, OptionError, ScreenName};

use std::sync::Arc;

use crate::{
    feed::large_ui,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("spotlight", "The post in the spotlight", SpotlightWidget, SpotlightOptions);

/// The options of a spotlight.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpotlightOptions {
    /// Whose spotlight it is: the name of a screen; that of any screen where there is none.
    #[serde(default)]
    screen: Option<String>,
}

#[derive(Debug)]
pub(crate) struct SpotlightWidget {
    screen: Option<ScreenName>,
}

impl SpotlightWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's builders may refuse")]
    fn new(options: SpotlightOptions) -> Result<Self, OptionError> {
        Ok(Self { screen: options.screen.map(ScreenName::new) })
    }

    fn item<'a>(&self, moment: &Moment<'a>) -> Option<&'a Arc<FeedItem>> {
        let spotlights = &moment.snapshot.show.spotlights;
        match &self.screen {
            Some(screen) => spotlights.get(screen),
            None => spotlights.values().next(),
        }
    }
}

impl Widget for SpotlightWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        let show = moment.snapshot.show.version();
        Stamp::default().with(show).with(moment.pictures_version).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        frame.painter.rect_filled(frame.rect, 0.0, color::GROUND);
        let Some(item) = self.item(&frame.moment).map(Arc::clone) else {
            let area = frame.cell(ui, frame.moment.words.say(Word::Spotlight), "");
            frame.empty(ui, area, (Word::NoSpotlight, None));
            return Repaint::OnStamp;
        };
        let rect = frame.rect;
        large_ui(ui, frame, &item, rect)
    }
}
