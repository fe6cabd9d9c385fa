"""What a reader of medical AI literature knows of words: opposites, rivals, directions, common abbreviations.

Only what token vectors cannot tell: opposites, and things of one kind, have vectors as near as synonyms.
"""

from collections import defaultdict
from collections.abc import Mapping

from service.verification.reading import stem

_ANTONYMS = """
experienced/novice,inexperienced,unexperienced,junior,beginner
expert/novice,layperson
central/ancillary,peripheral,marginal,secondary,subordinate
major/minor,negligible
automatic,automated,autonomous/manual
remote/onsite,on-site
internal/external
retrospective/prospective
single,monocentric,single-center/multicenter,multicentre,multi-institutional
randomized,randomised/nonrandomized,observational
benign/malignant
supervised/unsupervised
linear/nonlinear
include,included/exclude,excluded
before,prior,pretreatment,preoperative,preprocedural/after,following
before,prior,pretreatment,preoperative,preprocedural/posttreatment,postoperative,postprocedural
early/late,delayed
adult/child,children,pediatric,paediatric
possible,feasible/impossible,infeasible,unfeasible
safe/unsafe,dangerous,hazardous
necessary,needed,required/unnecessary,unneeded,superfluous,needless
present/absent
positive/negative
add,addition,insert/omit,omission,remove,delete
invent,fabricate/omit,omission
strong/weak
easy,simple/difficult,hard,complex,complicated
common,frequent,often,usually,frequently/rare,seldom,rarely,uncommon,infrequent,hardly,infrequently,never
always/never,sometimes
known,understood/unknown,misunderstood
agree,agreement,agreeable,concordant/disagree,disagreement,discordant
accept/reject
success,succeed,successful,successfully,manage/fail,failure,unsuccessful,unsuccessfully,failing
open,transparent,transparency/closed,opaque,secret,opacity
speed,accelerate,fast,faster,quick,rapid,quickly,rapidly/slow,slowly,slower,delay
simplify,ease/complicate,hinder
similar,comparable,same,alike,equivalent,resemble/different,dissimilar,unlike,distinct
equal/inferior,superior,worse,better,poorer
overestimate/underestimate
allow,enable,permit,let/prevent,forbid,prohibit,preclude,bar
help,assist,aid,support,facilitate/hinder,impede,hamper,obstruct,undermine
protect,shield/expose,endanger
homogeneous,uniform/heterogeneous,nonuniform
local/systemic,distant
acute/chronic
invasive/noninvasive
responder/nonresponder
inferior/superior,better
outperform,exceed,surpass,beat,superior/underperform,inferior,worse,trail,lag,poorer
many,numerous,several/few,handful,none
most,majority/few,minority,none
all,every,each,any/none
abundant,plentiful,ample,sufficient,enough,adequate,extensive/scarce,insufficient,limited
abundant,plentiful,ample,sufficient,enough,adequate,extensive/lacking,inadequate,scant
large,vast,big,huge/small,tiny,little
high/low
long/short
high-quality,good/poor,bad
better,improve,improvement,improved,enhance,enhanced,superior/worse,worsen,deteriorate
better,improve,improvement,improved,enhance,enhanced,superior/degrade,impair,compromise
reliable,robust/unreliable,fragile,brittle
susceptible,vulnerable,prone/immune,resistant,impervious,invulnerable,unaffected
interest,enthusiasm,enthusiastic,eager/indifference,indifferent,apathy,reluctance,sceptical,skeptical
optimistic/pessimistic
encourage/discourage
confirm/refute,contradict
dependent/independent
stable/unstable
visible,clear/invisible,hidden,obscured
real/virtual,simulated,synthetic
personalized,personalised,individualized/generic,one-size-fits-all,uniform
promise,promising/disappointing,unpromising
sensitive/insensitive
relevant/irrelevant
responsible/irresponsible
complete,full,whole,entire/partial,incomplete
mature,established/nascent,immature,fledgling
theoretical/practical
objective/subjective
qualitative/quantitative
continuous,uninterrupted/intermittent,interrupted
voluntary,optional/mandatory,compulsory,obligatory
public/private,proprietary
rich/poor
standardized,standardised/nonstandardized,unstandardized
start,begin/stop,end,cease
persist,continue,remain/disappear,vanish,cease
gain/loss,lose
survive,survival/die
top/bottom
upper/lower
left/right
first/last
ascending/descending
proximal/distal
solid/liquid
affordable,cheap,inexpensive/expensive,costly
familiar/unfamiliar
clear,unambiguous,settled,resolved/unclear,ambiguous,unsettled,unresolved
consensus/controversy,dispute,disagreement
regulated/unregulated
harmless/harmful
beneficial,benefit/harmful,detrimental,harm
"""

# Things of one kind, of which a text that names one does not mean another; "|" separates rivals.
_RIVALS = """
ct computed_tomography|mri mr magnetic_resonance|\
ultrasound us sonography ultrasonography ultrasonographic|pet|spect|fluoroscopy fluoroscopic|\
mammography mammographic mammogram|endoscopy endoscopic|angiography angiographic|\
radiography radiograph xray|elastography|histopathology histopathologic histologic|scintigraphy|cbct
liver hepatic hepatocellular hcc|lung pulmonary|kidney renal rcc|prostate prostatic|\
breast mammary dcis|brain cerebral glioma intracranial neuro|pancreas pancreatic|adrenal|thyroid|\
ovary ovarian adnexal|cervix cervical|colon colonic rectal colorectal rectum crc|stomach gastric|\
esophagus esophageal oesophageal|bladder|bone osseous skeletal osteosarcoma|spine spinal vertebral|\
heart cardiac coronary|spleen splenic|uterus uterine endometrial|testis testicular|\
eye retinal ocular|gallbladder biliary bile|head_neck oropharyngeal laryngeal
microwave mwa|radiofrequency rfa|cryoablation cryo|chemoembolization tace|\
radioembolization tare y90 yttrium|hifu|electroporation|brachytherapy|vertebroplasty|kyphoplasty|\
thrombectomy|stenting stent|radiotherapy sbrt|chemotherapy|immunotherapy|\
resection hepatectomy nephrectomy|transplantation transplant|biopsy|angioplasty|laser
retrospective|prospective
randomized randomised|cohort|meta-analysis|case-control
radiologist|pathologist|surgeon|oncologist|dermatologist|cardiologist|\
anesthesiologist anaesthesiologist|gastroenterologist|urologist|nurse|technologist radiographer|\
engineer programmer|pharmacist|student|resident trainee|physicist|neurologist|hepatologist
artery arterial arteriography|vein venous|lymph lymphatic
china chinese|japan japanese|germany german|france french|korea korean|italy italian|india indian|\
canada canadian|spain spanish|australia australian|netherlands dutch
fda|ema|nih|esmo|asco|rsna|cirse|acr
gan|cnn|llm|transformer|svm|vlm|diffusion
chatgpt|gemini|claude|llama|bard|bert
hcc|rcc|glioma|melanoma|osteosarcoma|lymphoma|leukemia leukaemia|sarcoma|adenocarcinoma|\
angiomyolipoma|cholangiocarcinoma|oncocytoma|metastasis metastases metastatic|hemangioma
doxorubicin|cisplatin|sorafenib|lenvatinib|atezolizumab|bevacizumab|heparin|midazolam|fentanyl|\
propofol|gadolinium|iodine
monday|tuesday|wednesday|thursday|friday|saturday|sunday
january|february|march|april|june|july|august|september|october|november|december
"""


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


# Said of an amount: that it goes up, or down.
RISES = _stems(
    "increase increased increasing more higher greater rise rises rising rose raise raised grow growing grew "
    "growth gain boost elevate elevated amplify magnify widen wider widely lengthen longer expand "
    "expanded add adding heighten escalate enlarge larger extend prolong intensify inflate multiply "
    "double triple surge climb faster accelerate"
)
FALLS = _stems(
    "decrease decreased decreasing blunt blunted less fewer lower lowered lowering reduce reduced reducing "
    "reduction decline fall fell drop lessen diminish cut cuts cutting shrink lighten shorten shorter "
    "curtail curb mitigate minimize minimise smaller narrow narrower suppress alleviate spare spared "
    "halve slower slow eliminate eliminated eliminating remove avoid avoided prevent prevented "
    "relieve relieved loss lose loses lost losing offload offloads unburden ease eases"
)
# Said of how much there is.
MUCH = _stems(
    "considerable abundant ample plentiful many numerous much great strong high substantial extensive "
    "remarkable widespread wealth plenty broad rich"
)
LITTLE = _stems(
    "little few dearth scarce limited low scarcely poor minimal insufficient restricted rare "
    "scant paucity shortage inadequate unexplored lacking lack lacks underdeveloped negligible modest "
    "weak"
)
# Said of two things: that they differ, or do not.
DIFFERENT = frozenset("differ differs differed different difference differences change changed".split())
EQUAL = frozenset("similar comparable unchanged equal same identical equivalent alike".split())
# Said of how good something is.
BETTER = _stems(
    "improve improved improving improvement enhance enhanced enhancing better superior refine refined"
)
WORSE = _stems(
    "worse worsen worsened worsening deteriorate degrade degraded impair impaired poorer inferior compromise"
)


def _antonyms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in _ANTONYMS.strip().splitlines():
        left, right = ([stem(word) for word in side.split(",")] for side in line.split("/"))
        for one in left:
            found[one] |= set(right)
        for one in right:
            found[one] |= set(left)
    return {one: frozenset(others) for one, others in found.items()}


def _rivals() -> Mapping[str, tuple[tuple[int, int], ...]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, line in enumerate(_RIVALS.strip().replace("\\\n", "").splitlines()):
        for member, words in enumerate(line.split("|")):
            for word in words.split():
                if "_" not in word:
                    found[stem(word)].append((number, member))
    return {one: tuple(places) for one, places in found.items()}


ANTONYMS = _antonyms()
# Stem to (kind, member): two stems with one kind and different members are rivals.
RIVALS = _rivals()

# Long forms that any reader of the field knows, beside those that a document gives itself.
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("AI", "artificial intelligence"),
    ("ML", "machine learning"),
    ("DL", "deep learning"),
    ("LLM", "large language model"),
    ("CNN", "convolutional neural network"),
    ("GAN", "generative adversarial network"),
    ("IR", "interventional radiology"),
    ("IO", "interventional oncology"),
    ("CT", "computed tomography"),
    ("MR", "magnetic resonance"),
    ("MRI", "magnetic resonance imaging"),
    ("US", "ultrasound"),
    ("PET", "positron emission tomography"),
    ("SPECT", "single photon emission computed tomography"),
    ("DSA", "digital subtraction angiography"),
    ("HCC", "hepatocellular carcinoma"),
    ("RCC", "renal cell carcinoma"),
    ("TACE", "transarterial chemoembolization"),
    ("TARE", "transarterial radioembolization"),
    ("RFA", "radiofrequency ablation"),
    ("MWA", "microwave ablation"),
    ("EMR", "electronic medical record"),
    ("EHR", "electronic health record"),
    ("EHR", "electronic medical record"),
    ("EMR", "electronic health record"),
    ("BMI", "body mass index"),
    ("MG", "mammography"),
    ("Y90", "yttrium-90"),
    ("AUC", "area under the curve"),
    ("DSC", "Dice similarity coefficient"),
    ("NPV", "negative predictive value"),
    ("PPV", "positive predictive value"),
    ("OS", "overall survival"),
    ("LTP", "local tumor progression"),
    ("AR", "augmented reality"),
    ("VR", "virtual reality"),
    ("PHI", "protected health information"),
    ("FDA", "Food and Drug Administration"),
    ("SIR", "Society of Interventional Radiology"),
    ("JVIR", "Journal of Vascular and Interventional Radiology"),
    ("3D", "three-dimensional"),
    ("2D", "two-dimensional"),
)
