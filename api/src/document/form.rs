use crate::error::{Code, Error, Result};
use crate::message;

/// A kind of file that is taken: what it is called, how it begins, how its name may end.
struct Form {
    media_type: &'static str,
    begins: Begins,
    endings: &'static [&'static str],
}

/// How a file begins.
enum Begins {
    /// With these bytes.
    With(&'static [u8]),
    /// As text does: no byte of it is nothing.
    AsText,
}

const ZIP: Begins = Begins::With(b"PK\x03\x04");
const OLE: Begins = Begins::With(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

macro_rules! forms {
    ($($media_type:literal, $begins:expr, [$($ending:literal),+];)+) => {
        const FORMS: &[Form] =
            &[$(Form { media_type: $media_type, begins: $begins, endings: &[$($ending),+] }),+];
    };
}

// What offices send each other. Nothing that a browser would run.
forms! {
    "application/pdf", Begins::With(b"%PDF-"), ["pdf"];
    "application/x-hwp", OLE, ["hwp"];
    "application/vnd.hancom.hwp", OLE, ["hwp"];
    "application/hwp+zip", ZIP, ["hwpx"];
    "application/vnd.hancom.hwpx", ZIP, ["hwpx"];
    "application/msword", OLE, ["doc"];
    "application/vnd.ms-excel", OLE, ["xls"];
    "application/vnd.ms-powerpoint", OLE, ["ppt"];
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP, ["docx"];
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP, ["xlsx"];
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP, ["pptx"];
    "application/vnd.oasis.opendocument.text", ZIP, ["odt"];
    "application/vnd.oasis.opendocument.spreadsheet", ZIP, ["ods"];
    "application/zip", ZIP, ["zip"];
    "image/png", Begins::With(b"\x89PNG\r\n\x1a\n"), ["png"];
    "image/jpeg", Begins::With(b"\xff\xd8\xff"), ["jpg", "jpeg"];
    "text/csv", Begins::AsText, ["csv"];
    "text/plain", Begins::AsText, ["txt"];
}

/// What a file is said to be, found among what is taken. `UNSUPPORTED_MEDIA_TYPE` names what is;
/// `INVALID` a name that ends as other files do.
pub(super) fn known(media_type: &str, name: &str) -> Result<Known> {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let form = FORMS.iter().find(|form| form.media_type.eq_ignore_ascii_case(media_type));
    let form = form.ok_or_else(|| {
        let taken: Vec<&str> = FORMS.iter().map(|form| form.media_type).collect();
        let text = message::file_type_not_taken(&taken.join(", "));
        Error::new(Code::UnsupportedMediaType, text).at("Content-Type")
    })?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    if !ending.is_some_and(|ending| form.endings.contains(&ending.as_str())) {
        let text = message::file_name_ends(&form.endings.join(", ."));
        return Err(Error::invalid("name", text));
    }
    Ok(Known(form))
}

/// A kind of file that is taken.
pub(super) struct Known(&'static Form);

impl Known {
    pub(super) fn media_type(&self) -> &'static str {
        self.0.media_type
    }

    /// Whether a file begins as one of its kind does.
    pub(super) fn look(&self, head: &[u8]) -> Result<()> {
        let fits = match self.0.begins {
            Begins::With(bytes) => head.starts_with(bytes),
            Begins::AsText => !head.contains(&0),
        };
        match fits {
            true => Ok(()),
            false => {
                let text = message::file_is_not(self.0.media_type);
                Err(Error::invalid("Content-Type", text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_is_said_to_be_or_it_is_refused() {
        let pdf = known("application/pdf; charset=binary", "회의록.PDF").expect("a kind");
        assert!(pdf.look(b"%PDF-1.7\n").is_ok() && pdf.look(b"<html>").is_err());
        assert!(known("text/html", "a.html").is_err());
        assert!(known("application/pdf", "a.exe").is_err());
        let text = known("text/csv", "a.csv").expect("a kind");
        assert!(text.look("연도,값\r\n".as_bytes()).is_ok() && text.look(b"MZ\0").is_err());
    }
}
