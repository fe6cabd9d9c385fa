"""Words that say the same to a reader of medical AI literature, one group a line.

Written from general knowledge of English and of the field. A word may stand in several groups, which stay
apart.
"""

from collections import defaultdict
from collections.abc import Mapping

from service.verification.reading import stem

_SYNONYMS = """
physician doctor clinician practitioner medic
interventionalist operator proceduralist
specialist expert seasoned experienced veteran
radiologist reader
surgeon operator
patient people person subject participant individual case
nurse staff personnel team
child pediatric paediatric juvenile infant
elderly older geriatric aged
woman female women
man male men
tumor tumour lesion cancer malignancy neoplasm mass carcinoma
metastasis metastatic metastases secondary spread
recurrence recur relapse regrowth return comeback
progression progress advance growth worsening
mortality death die dying fatal dead
survival survive alive live
disease illness disorder condition
complication adverse harm event
pain discomfort ache
benign harmless noncancerous
malignant cancerous
kidney renal nephro
liver hepatic hepato hepatocellular
lung pulmonary thoracic chest
brain cerebral cranial neuro intracranial
heart cardiac cardio cardiovascular coronary
blood vessel vascular artery vein vasculature arterial venous
bone osseous skeletal osteo
breast mammary mammographic
prostate prostatic
skin cutaneous dermal percutaneous
stomach gastric
bowel intestinal colorectal colon colonic rectal
pancreas pancreatic
adrenal suprarenal
ovary ovarian adnexal
uterus uterine cervical
spine spinal vertebral
eye ocular retinal
nerve neural
anatomy anatomical structure organ
scan image imaging picture examination exam
radiograph xray x-ray
fluoroscopy fluoroscopic
ultrasound sonography ultrasonography sonographic us
mri mr
ct tomography
pet
histopathology pathology histology histopathologic histological
biopsy sampling specimen
ablation ablate ablative
embolization embolize embolotherapy
treatment therapy treat therapeutic intervention procedure cure management
drug medication medicine pharmaceutical agent
dose dosing dosage
contrast
radiation irradiation exposure ionizing
sedation sedative sedate anesthesia anaesthesia
needle probe instrument device applicator electrode
catheter instrument device guidewire
robot robotic robotics
segmentation segment outline outlining delineate delineation contour contouring trace tracing
detect detection find spot identify identification recognize recognise recognition discover locate
classify classification categorize sort label
differentiate distinguish discriminate delineate separate discern tell telling told
predict prediction forecast predictive foresee prognosticate prognostic anticipate estimate
diagnose diagnosis diagnostic
prognosis outcome outlook result
assess assessment evaluate evaluation judge judging appraise examine check rate gauge
measure measurement quantify quantification
estimate estimation guess guesswork approximation
monitor monitoring track tracking follow surveillance observe watch
plan planning prepare preparation
navigate navigation steer steering guide guidance
simulate simulation model modeling modelling simulator
train training trained learn learning learnt taught
validate validation verify verification confirm
test testing tested
algorithm model software tool system program application platform network
 dl
automatic automated automatically automation hands-free
manual manually hand
autonomous independent unaided
large big vast huge sizeable substantial great considerable extensive massive
small little minor slight modest tiny
many numerous multiple several various
most majority mainly mostly largely chiefly primarily predominantly generally
few scarce rare limited little
important key critical crucial vital essential significant chief central main major pivotal
necessary need require required requirement necessity demand necessitate must
compulsory mandatory obligatory required binding
optional voluntary
sufficient adequate enough
fast quick rapid swift speedy quickly
slow gradual
immediate instantly real-time live
precise precision exact accurate accuracy accurately correct right exactness
reliable dependable robust trustworthy consistent
consistent uniform standardized standardised standard standardization homogeneous even
variability variation variable vary inconsistency differ difference heterogeneity variance spread
diverse diversity varied
similar comparable alike equivalent resemble resemblance like same equal
different differ differing distinct
efficient efficiency efficient
effective efficacy effectively effectiveness
safe safety
complex complicated intricate elaborate
simple easy straightforward
personalized personalised individualized tailored bespoke customized customised individual
novel new recent modern innovative
traditional conventional established usual customary classic standard
current present existing today now
future upcoming forthcoming
initial early first
late later delayed
feasible feasibility possible viable practicable
workload burden work load
task duty chore job work
repetitive monotonous tedious routine
fatigue tiredness exhaustion
cost expense price expensive
time hours duration
speed accelerate hasten
increase rise grow raise gain boost elevate growth higher greater
decrease reduce reduction decline fall drop lower lessen
decrease reduce diminish cut shrink lighten shorten curtail curb mitigate fewer
improve improvement enhance enhancement better upgrade boost refine ameliorate enrich
worsen deteriorate degrade degradation worse impair
amplify magnify exaggerate intensify
eliminate remove abolish eradicate rid
avoid avert prevent obviate spare
allow enable let permit empower
help assist aid support facilitate assistance
facilitate ease
protect protection shield safeguard guard
hide obscure mask conceal cover
show demonstrate reveal indicate prove display exhibit found find
report describe state note observe say tell remark mention
suggest propose recommend recommendation advise
study trial investigation research work paper
article paper publication
author researcher investigator group team writer
publish published issue issued release released appear
review survey overview
compare comparison contrast against
exceed outperform surpass beat superior outdo better
evaluate study investigate
combine combination merge integrate integration join fuse pool unite incorporate
generate produce create yield make build construct output
develop development design build create devise
use usage employ utilize utilise apply application usage
adopt adoption uptake implement implementation introduce
obtain acquire gain get achieve attain reach
acquire acquisition capture record
contain comprise include consist
data dataset information record
database repository archive registry
bias prejudice biased skew
error mistake fault faulty wrong incorrect
fabricate fabrication invent invented made-up hallucinate hallucination fictitious
omit omission missing drop
privacy confidentiality confidential
rule regulation regulatory law legal legislation regulator
liable liability responsible responsibility accountable accountability
guideline guidance standard recommendation
oversight supervision oversee supervise surveillance
hospital institution center centre clinic
multicenter multicentre multi-institutional multi-center
worldwide global international
conference meeting congress symposium
survey poll polling questionnaire ask
attitude opinion view stance
knowledge understanding know grasp understand comprehend
explain explanation explainable
transparent transparency openness open
opaque black-box
human person people
artifact artefact
motion movement move
visible see seen view visualize visualise visualization visibility visual
distance remote remotely afar
answer response reply respond
question inquiry query
clinical clinic bedside patient
preclinical animal laboratory
laboratory lab
frequent often common commonly frequently usual usually
method approach technique strategy way
role part function
goal aim objective purpose target intend
benefit advantage merit gain
drawback disadvantage limitation shortcoming downside
challenge difficulty obstacle hurdle barrier problem hard difficult
risk danger hazard
threat danger
susceptible vulnerable prone
rely reliance depend dependence dependent
determine decide decisive determinant define
choose choice select selection pick
begin start onset commence initiate
stop cease halt end discontinue
change alter modify modification update adjust adapt
increase escalate
share proportion fraction percentage
average mean
skill expertise dexterity ability competence
deft dexterous dexterity
precede before pretreatment preprocedural preoperative pre
during intraprocedural intraoperative peri
after postprocedural postoperative post following posttreatment
focus concentrate concentrating emphasis
chronic long-term lasting
feature characteristic property attribute
parameter setting
cohort population group sample
arm group
region area zone
border margin edge boundary
internal internally
external outside externally
demographic
wearable smartwatch
resection surgery surgical operation operate
transplant transplantation graft
response respond
reader observer rater interobserver interreader
real actual actually genuine true
dissimilar unlike
phone smartphone mobile
camera video
sensor detector
"""


def _by_stem() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in _SYNONYMS.strip().splitlines():
        stems = {stem(word) for word in line.split()}
        for one in stems:
            found[one] |= stems
    return {one: frozenset(others) for one, others in found.items()}


# Stem to the stems that say the same, itself among them.
SYNONYMS = _by_stem()
