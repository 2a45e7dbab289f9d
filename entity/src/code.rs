//! The code lists that columns hold: text with a CHECK, so that the past reads them as the present
//! does. What each code means is said where people read it, in the API.

use sea_orm::entity::prelude::*;

/// Declares code lists that are stored as their own names in capitals.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($code:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[expect(missing_docs, reason = "the API's enum of the same name describes each code")]
        pub enum $name { $($code),+ }
    )+};
}

codes! {
    /// Who may read a plan and what hangs on it.
    Visibility { Internal, Province, Public }
    /// How far up a fact was approved.
    Approval { None, Region, Province }
    /// How sure a figure is: A two sources, B one, C derived.
    Confidence { A, B, C }

    /// How high a region stands.
    RegionLevel { Nation, Province, Municipality, District }
    /// What a region is called.
    RegionKind { Nation, Province, Si, Gun, Gu }
    /// What kind of other code a region has.
    CodeScheme { Former, LegalDong }

    /// What a sector does to the balance.
    SectorKind { Reduction, Sink, Foundation, Total }
    /// Who governs a sector.
    Jurisdiction { Local, National, Mixed }

    /// Whose plan it is.
    PlanKind { NationalBasic, ProvinceBasic, MunicipalBasic }

    /// In which sense a target is one.
    TargetKind { Final, Annual, Interim, Draft, Candidate, Superseded, Restated, AsPrinted }
    /// Which number of a target a figure is.
    Metric { Base, Target, GrossTarget, Reduction, Removals, ReductionRate, ShareOfReduction }
    /// What stands behind a figure, or why there is none.
    FigureStatus {
        Final, Provisional, Reported, Estimated, Illustrative,
        NotReported, NotEstimated, NotOccurring, IncludedElsewhere, Confidential, Pending, NotApplicable,
    }

    /// Whose emissions.
    Boundary { Total, Managed, Unstated }
    /// Before or after removals.
    Netting { Gross, Net, Unstated }
    /// Burnt here, or bought as power and heat.
    Flow { Direct, Indirect, Both, Unstated }
    /// Counted where made or where used.
    Accounting { Production, Consumption, Unstated }

    /// What an account may be.
    Role { MunicipalOfficer }
    /// What a change did to a thing.
    ItemOp { Upsert, Gone }
}
