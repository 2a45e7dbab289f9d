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

    /// What kind of body an organization is.
    OrganizationKind { Ministry, Agency, ProvinceGovernment, Municipality, Department, Committee, Council, SupportCentre, Contractor, ResearchInstitute, Ngo, International, Political }
    /// Which gas.
    Gas { Co2eq, Co2, Ch4, N2o, Hfcs, Pfcs, Sf6, Nf3, FGases }
    /// Which of the two families of measures: those with tonnes, and those that prepare the ground.
    MeasureFamily { Mitigation, ResponseBase }
    /// How far a measure has come.
    MeasureStatus { Planned, Ongoing, Done, Ended, Stopped, Precursor }
    /// Whose money.
    Fund { National, Province, Municipal, PrivateOther, Unstated }
    /// Which way is better.
    Direction { Up, Down, Neutral }
    /// Whether values are of a period alone, or of all up to its end.
    Accumulation { Yearly, Cumulative, Unstated }
    /// In which sense a goal is one.
    GoalKind { Final, Annual, Interim, Legal }
    /// What a check looks at.
    CheckKind { BasicPlan, ResponseBase, Adaptation, PublicSector, AnnualResult, ExternalRating }
    /// How a measure stands against its plan.
    Grade { Achieved, OnTrack, Delayed, NotAchieved, NotDue }
    /// How far a yearly check has come.
    CheckState { Planned, SelfAssessed, Advised, Deliberated, Submitted, Compiled, Opinion, CouncilReported }
    /// What moves a yearly check on.
    CheckTransition { SelfAssess, Advise, Deliberate, Submit, Compile, GiveOpinion, ReportToCouncil, Reopen }
    /// How something in a plan stands to something in the plan above.
    LinkKind { ContributesTo, Implements, Refines, Deviates }
    /// What a link leads to.
    LinkEnd { Target, Measure }
    /// What the law asks of a body.
    ObligationRule { AdoptFirstPlan, AdoptNextPlan, SubmitPlan, ReportPlanToCouncil, SubmitStatistics, ReportAdaptation, ReportProgress, ReportProgressToCouncil }
    /// A step in the making of a plan.
    MilestoneKind { Kickoff, SituationAnalysis, Inventory, Targets, Measures, ResponseBase, InterimReport, Advice, Consultation, Hearing, FinalReport, Deliberation, Adoption, Submission, CouncilReport, Publication, InForce, AmendmentMinor, AmendmentMajor, Superseded, Other }
    /// What a document hangs on.
    DocumentHolder { Plan, Milestone, Check, Case, Issue, Forum }
    /// What a committee made of a plan.
    DeliberationOutcome { AsProposed, Amended, HeldBack }
    /// Which step froze a version of a plan.
    VersionCause { Adoption, Submission, AmendmentMinor, AmendmentMajor }
    /// On which level a difficulty lies.
    IssueLevel { Municipal, Province }
    /// How far a difficulty is from being solved.
    IssueState { Open, Solved, Merged }
    /// How far a request for advice has come.
    AdviceState { Requested, Accepted, Answered, Closed, Declined, Withdrawn }
    /// What advice is asked about.
    AdviceSubject { Plan, Target, Measure, Indicator }
    /// How much weight a point of an answer has.
    AdviceSeverity { Must, Should, Could, Note }
    /// What became of a point of an answer.
    AdviceReply { Accepted, Partly, Declined }

    /// What an account may be.
    Role { Admin, ProvinceOfficer, MunicipalOfficer, SupportCentre, Contractor, Advisor }
    /// What a change did to a thing.
    ItemOp { Upsert, Gone }
}

impl AdviceState {
    /// The states in which a request is not at its end.
    pub const OPEN: [Self; 3] = [Self::Requested, Self::Accepted, Self::Answered];
}
